package dev.codchi.hostintegration.desktop;

import dev.codchi.config.Settings;
import dev.codchi.driver.Person;
import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import dev.codchi.files.WholeFile;
import dev.codchi.process.HostProgram;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;

/** Shows a file or directory in the program that the person's desktop has for it. */
@ApplicationScoped
public class OpenInDesktop {
  /** Finds that program (xdg-open(1)); on some desktops it becomes the program itself. */
  private static final String OPENER = "xdg-open";

  /** One that finds no program says so sooner. */
  private static final Duration MOMENT = Duration.ofSeconds(3);

  private final Settings settings;
  private final String opener;
  private final Duration moment;

  /** With what the desktop offers. */
  @Inject
  public OpenInDesktop(Settings settings) {
    this(settings, OPENER, MOMENT);
  }

  OpenInDesktop(Settings settings, String opener, Duration moment) {
    this.settings = settings;
    this.opener = opener;
    this.moment = moment;
  }

  /**
   * Opens it, and does not wait for what shows it.
   *
   * @throws Failure {@code NO_FILE_MANAGER} when there is no such program, or it fails at once
   */
  public void open(Path path) {
    Failure failed = Failure.of(FailureCode.NO_FILE_MANAGER, "no program opens " + path);
    Path log =
        Person.current().directory(settings.directories().logs(), "rwxr-xr-x").resolve("open.log");
    OptionalInt ended;
    try {
      ended = HostProgram.detach(List.of(opener, path.toString()), log, moment);
    } catch (Failure notStarted) {
      throw failed.because(notStarted.what()).causedBy(notStarted);
    }
    if (ended.isPresent() && ended.getAsInt() != 0) {
      String said =
          WholeFile.read(log)
              .map(content -> new String(content, StandardCharsets.UTF_8).strip())
              .orElse("");
      throw failed.because("%s ended with %d %s".formatted(opener, ended.getAsInt(), said));
    }
  }
}
