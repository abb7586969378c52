package dev.codchi.hostintegration.git;

import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import dev.codchi.process.HostProgram;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The person's git and its credential helpers. */
@ApplicationScoped
class HostGit {
  /** A keyring may ask the person to unlock it. */
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private static final Duration SHORT = Duration.ofSeconds(10);
  private static final int MOST_BYTES = 64 * 1024;

  /** What a machine is told of an answer. Of a refresh token it would have more than a password. */
  private static final Set<String> TOLD = Set.of("username", "password", "password_expiry_utc");

  /** Variables of git that say where its settings are; all others would change what is asked. */
  private static final Set<String> KEPT =
      Set.of("GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "GIT_CONFIG_NOSYSTEM", "GIT_EXEC_PATH");

  private final Map<String, String> environment;

  /** The one that this process finds. */
  @Inject
  HostGit() {
    this(System.getenv());
  }

  HostGit(Map<String, String> environment) {
    this.environment = environment;
  }

  /** Whether git runs. */
  boolean present() {
    try {
      return ask(List.of("git", "--version"), new byte[0], SHORT).status() == 0;
    } catch (Failure none) {
      if (none.code() != FailureCode.UNEXPECTED_ERROR) {
        throw none;
      }
      return false;
    }
  }

  /**
   * Whether one of git's helpers is a socket below this directory. Codchi's own sockets would make
   * it ask itself, without an end.
   */
  boolean asks(Path directory) {
    HostProgram.Answer helpers =
        ask(
            List.of("git", "config", "--get-regexp", "^credential\\.(.*\\.)?helper$"),
            new byte[0],
            SHORT);
    boolean found =
        new String(helpers.output(), StandardCharsets.UTF_8).contains(directory.toString());
    Arrays.fill(helpers.output(), (byte) 0);
    return found;
  }

  /**
   * Asks for a password, without a person: no prompt, neither in a terminal nor in a window of
   * git's.
   *
   * @return lines that git in a machine reads, to be wiped; empty without a password
   * @throws Failure {@code UNEXPECTED_ERROR} when git does not run or does not end
   */
  byte[] fill(GitRequest.Question question) {
    HostProgram.Answer filled =
        ask(List.of("git", "credential", "fill"), question.description(), LIMIT);
    try {
      return filled.status() == 0 ? told(filled.output()) : new byte[0];
    } finally {
      Arrays.fill(filled.output(), (byte) 0);
    }
  }

  /** The lines of git's answer that a machine is told. */
  static byte[] told(byte[] answer) {
    WipedOutput lines = new WipedOutput(answer.length);
    boolean password = false;
    int start = 0;
    for (int at = 0; at < answer.length; at++) {
      if (answer[at] != '\n') {
        continue;
      }
      int length = at + 1 - start;
      int equals = start;
      while (equals < at && answer[equals] != '=') {
        equals++;
      }
      String key = new String(answer, start, equals - start, StandardCharsets.ISO_8859_1);
      if (TOLD.contains(key) && equals < at) {
        lines.write(answer, start, length);
        password |= key.equals("password");
      }
      start = at + 1;
    }
    byte[] told = password ? lines.toByteArray() : new byte[0];
    lines.wipe();
    return told;
  }

  private HostProgram.Answer ask(List<String> command, byte[] input, Duration limit) {
    Map<String, String> variables = new TreeMap<>();
    environment.forEach((name, value) -> {
      boolean gits = name.startsWith("GIT_") && !KEPT.contains(name);
      if (!gits && !name.startsWith("SSH_ASKPASS")) {
        variables.put(name, value);
      }
    });
    // An empty GIT_ASKPASS outdoes core.askPass, too (gitcredentials(7)).
    variables.put("GIT_ASKPASS", "");
    variables.put("GIT_TERMINAL_PROMPT", "0");
    // Git Credential Manager opens windows of its own unless it is told not to.
    variables.put("GCM_INTERACTIVE", "never");
    // Not in a repository, whose settings would count.
    return HostProgram.ask(command, variables, Path.of("/"), input, MOST_BYTES, limit);
  }

  /** Does not grow, so that nothing stays in arrays that it left. */
  private static final class WipedOutput extends ByteArrayOutputStream {
    WipedOutput(int size) {
      super(size);
    }

    void wipe() {
      Arrays.fill(buf, (byte) 0);
    }
  }
}
