package dev.codchi.machines.secrets.keyring;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A message bus of its own with a real keyring on it, GNOME Keyring or another, without a display.
 */
final class KeyringSession implements AutoCloseable {
  private static final String[] PROGRAMS = {
    "dbus-daemon", "dbus-monitor", "gnome-keyring-daemon", "secret-tool"
  };
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Path home;
  private final Process bus;
  private final String address;
  private final List<Process> others = new ArrayList<>();

  private KeyringSession(Path home, Process bus, String address) {
    this.home = home;
    this.bus = bus;
    this.address = address;
  }

  /** Programs that are missing here; empty when a session can be started. */
  static List<String> missingPrograms() {
    return missing(PROGRAMS);
  }

  /** Those of these programs that are missing here. */
  static List<String> missing(String... programs) {
    String path = System.getenv().getOrDefault("PATH", "");
    return Stream.of(programs)
        .filter(program ->
            Stream.of(path.split(":", -1))
                .noneMatch(directory -> Files.isExecutable(Path.of(directory, program))))
        .toList();
  }

  /** Starts a bus without any service, none of which it can start by itself. */
  static KeyringSession start(Path home) throws IOException {
    Path configuration =
        Files.writeString(
            home.resolve("bus.conf"),
            """
            <busconfig>
              <type>session</type>
              <listen>unix:dir=%s</listen>
              <auth>EXTERNAL</auth>
              <policy context="default">
                <allow send_destination="*" eavesdrop="true"/>
                <allow eavesdrop="true"/>
                <allow own="*"/>
              </policy>
            </busconfig>
            """
                .formatted(home));
    Process bus =
        new ProcessBuilder(
                "dbus-daemon",
                "--config-file=" + configuration,
                "--print-address",
                "--nofork",
                "--nopidfile",
                "--nosyslog")
            .redirectError(home.resolve("bus.log").toFile())
            .start();
    String address = bus.inputReader().readLine();
    if (address == null) {
      throw new IOException(
          "dbus-daemon did not start: " + Files.readString(home.resolve("bus.log")));
    }
    return new KeyringSession(home, bus, address);
  }

  String address() {
    return address;
  }

  SessionBus connect() {
    return SessionBus.connect(address, SecretService.NAME);
  }

  SecretServiceKeyring keyring() {
    return new SecretServiceKeyring(() -> java.util.Optional.of(address));
  }

  /** Starts the keyring, unlocked by a password that is also the one of a new login collection. */
  Process startUnlocked() throws BusError {
    return startKeyring("--unlock", "correct horse");
  }

  /** Starts the keyring as the session would that nobody logged in to with a password. */
  Process startBare() throws BusError {
    return startKeyring("--start", "");
  }

  private Process startKeyring(String how, String password) throws BusError {
    return start(
        command("gnome-keyring-daemon", how, "--foreground", "--components=secrets"), password);
  }

  /** Starts a program with this standard input, and waits until it is the session's keyring. */
  Process start(ProcessBuilder program, String input) throws BusError {
    List<Process> started = new ArrayList<>();
    try (SessionBus listener = connect()) {
      listener.await(
          PATIENCE,
          "/org/freedesktop/DBus",
          "org.freedesktop.DBus",
          "NameOwnerChanged",
          changed -> SecretService.NAME.equals(changed[0]) && !"".equals(changed[2]),
          () -> started.add(launch(program, input)));
    }
    return started.getFirst();
  }

  private Process launch(ProcessBuilder program, String input) {
    try {
      Process keyring =
          program
              .redirectErrorStream(true)
              .redirectOutput(home.resolve("keyring.log").toFile())
              .start();
      others.add(keyring);
      try (OutputStream in = keyring.getOutputStream()) {
        in.write(input.getBytes(StandardCharsets.UTF_8));
      }
      return keyring;
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /** Writes everything that passes over the bus into a file, from now on. */
  Path watch() throws IOException {
    Path record = home.resolve("traffic");
    Process monitor =
        command("dbus-monitor", "--binary", "--address", address)
            .redirectOutput(record.toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    others.add(monitor);
    return record;
  }

  /** What secret-tool says to a look-up, without the line break at its end. */
  String lookUp(String attribute, String value) throws IOException {
    Process tool =
        command("secret-tool", "lookup", attribute, value)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    return new String(tool.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
  }

  ProcessBuilder command(String... words) {
    ProcessBuilder builder = new ProcessBuilder(words);
    Map<String, String> environment = builder.environment();
    environment.keySet().removeIf(name -> name.startsWith("XDG_") || name.equals("DISPLAY"));
    environment.put("DBUS_SESSION_BUS_ADDRESS", address);
    environment.put("HOME", home.toString());
    environment.put("XDG_RUNTIME_DIR", home.toString());
    environment.put("TMPDIR", home.toString());
    environment.put("QT_QPA_PLATFORM", "offscreen");
    return builder;
  }

  /** A question that is asked again and again. */
  @FunctionalInterface
  interface Question {
    boolean holds() throws Exception;
  }

  /** Waits for what no program tells. */
  static void until(Question question) throws Exception {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!question.holds()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("does not come to hold");
      }
      Thread.onSpinWait();
    }
  }

  static void end(Process process) {
    process.destroyForcibly();
    try {
      process.waitFor();
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    others.forEach(KeyringSession::end);
    end(bus);
  }
}
