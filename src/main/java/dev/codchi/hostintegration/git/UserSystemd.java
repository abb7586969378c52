package dev.codchi.hostintegration.git;

import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import dev.codchi.process.HostProgram;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The systemd of a person's session.
 *
 * @param runtime {@code XDG_RUNTIME_DIR}, where its socket and the units of this session are
 */
record UserSystemd(Path runtime) {
  private static final Duration LIMIT = Duration.ofSeconds(10);

  /** Whether it runs, as far as a file tells: the socket that systemctl uses. */
  boolean present() {
    return Files.exists(runtime.resolve("systemd/private"));
  }

  /** Where units are that are gone with the session; see systemd.unit(5). */
  Path units() {
    return runtime.resolve("systemd/user");
  }

  /** Whether it answers. */
  boolean answers() {
    return ask("show", "--property=Version").status() == 0;
  }

  /** Whether a unit is active. */
  boolean active(String unit) {
    return ask("is-active", "--quiet", unit).status() == 0;
  }

  /**
   * Has something done.
   *
   * @throws Failure {@code SESSION_SYSTEMD} when it is not done
   */
  void command(String... words) {
    HostProgram.Result result = ask(words);
    if (result.status() != 0) {
      throw refused(words, result.errors().strip());
    }
  }

  private HostProgram.Result ask(String... words) {
    List<String> command = new ArrayList<>(List.of("systemctl", "--user", "--no-ask-password"));
    command.addAll(List.of(words));
    try {
      return HostProgram.run(command, Map.of("XDG_RUNTIME_DIR", runtime.toString()), LIMIT);
    } catch (Failure failed) {
      // Whoever is interrupted is told so.
      throw failed.code() == FailureCode.UNEXPECTED_ERROR
          ? refused(words, failed.what()).causedBy(failed)
          : failed;
    }
  }

  private static Failure refused(String[] words, String why) {
    return Failure.of(
            FailureCode.SESSION_SYSTEMD,
            "your systemd does not do 'systemctl --user " + String.join(" ", words) + "'")
        .because(why);
  }
}
