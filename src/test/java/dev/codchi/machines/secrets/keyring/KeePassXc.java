package dev.codchi.machines.secrets.keyring;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.UUID;

/** The real KeePassXC as the keyring of a session, with a database of its own. */
final class KeePassXc {
  private static final Duration ANSWER = Duration.ofSeconds(20);
  private static final String COLLECTION = "/org/freedesktop/secrets/collection/passwords";
  private static final String PASSWORD = "correct horse\n";

  private static final String DATABASE = "passwords.kdbx";

  private final KeyringSession session;
  private final Path home;
  private boolean unlockBeforeSearch = true;
  private FileTime asStarted = FileTime.fromMillis(0);

  /** In a session that has no keyring yet. */
  KeePassXc(KeyringSession session, Path home) {
    this.session = session;
    this.home = home;
  }

  static List<String> missingPrograms() {
    return KeyringSession.missing("keepassxc", "keepassxc-cli");
  }

  /**
   * Starts it with a new database, of which one group is exposed as a person does in the database's
   * settings.
   *
   * @return when the database is open
   */
  Process startUnlocked() throws Exception {
    Process keyring = session.start(program("--pw-stdin"), PASSWORD);
    try (SessionBus bus = session.connect()) {
      KeyringSession.until(() -> !locked(bus));
    }
    return keyring;
  }

  /**
   * Starts it with a database that nobody has given the password for.
   *
   * @param opensBeforeSearch whether it asks for the password before it answers a search, which is
   *     its default; else it finds nothing
   */
  Process startLocked(boolean opensBeforeSearch) throws Exception {
    unlockBeforeSearch = opensBeforeSearch;
    return session.start(program(), "");
  }

  /** Ends it once it has saved what was changed since it started, which it does by itself. */
  void end(Process keyring) throws Exception {
    KeyringSession.until(() -> !written().equals(asStarted));
    KeyringSession.end(keyring);
  }

  private FileTime written() throws IOException {
    return Files.getLastModifiedTime(home.resolve(DATABASE));
  }

  private static boolean locked(SessionBus bus) throws BusError {
    Object[] answer =
        bus.call(
            ANSWER,
            COLLECTION,
            "org.freedesktop.DBus.Properties",
            "Get",
            "ss",
            "org.freedesktop.Secret.Collection",
            "Locked");
    return (Boolean) ((org.freedesktop.dbus.types.Variant<?>) answer[0]).getValue();
  }

  private ProcessBuilder program(String... options) throws IOException, InterruptedException {
    Path settings =
        Files.createDirectories(home.resolve(".config/keepassxc")).resolve("keepassxc.ini");
    Files.writeString(
        settings,
        """
        [General]
        ConfigVersion=2
        UpdateCheckMessageShown=true
        [GUI]
        CheckForUpdates=false
        [FdoSecrets]
        Enabled=true
        ConfirmAccessItem=false
        ShowNotification=false
        UnlockBeforeSearch=%s
        """
            .formatted(unlockBeforeSearch));
    ProcessBuilder program = session.command("keepassxc");
    program.command().addAll(List.of(options));
    program.command().add(database().toString());
    asStarted = written();
    return program;
  }

  private Path database() throws IOException, InterruptedException {
    Path database = home.resolve(DATABASE);
    if (Files.exists(database)) {
      return database;
    }
    UUID group = UUID.randomUUID();
    String encoded =
        Base64.getEncoder()
            .encodeToString(
                ByteBuffer.allocate(16)
                    .putLong(group.getMostSignificantBits())
                    .putLong(group.getLeastSignificantBits())
                    .array());
    Path text =
        Files.writeString(
            home.resolve("passwords.xml"),
            """
            <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
            <KeePassFile>
              <Meta>
                <DatabaseName>Passwords</DatabaseName>
                <CustomData>
                  <Item><Key>FDO_SECRETS_EXPOSED_GROUP</Key><Value>{%s}</Value></Item>
                </CustomData>
              </Meta>
              <Root><Group><UUID>%s</UUID><Name>Passwords</Name></Group></Root>
            </KeePassFile>
            """
                .formatted(group, encoded));
    Process made =
        session
            .command("keepassxc-cli", "import", "-p", "-t", "100", "" + text, "" + database)
            .redirectErrorStream(true)
            .redirectOutput(home.resolve("import.log").toFile())
            .start();
    try (OutputStream in = made.getOutputStream()) {
      in.write((PASSWORD + PASSWORD).getBytes(StandardCharsets.UTF_8));
    }
    if (made.waitFor() != 0) {
      throw new IOException(Files.readString(home.resolve("import.log")));
    }
    return database;
  }
}
