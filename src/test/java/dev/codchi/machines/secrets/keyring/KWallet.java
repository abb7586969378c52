package dev.codchi.machines.secrets.keyring;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** The real KWallet as the keyring of a session, with a wallet of its own. */
final class KWallet {
  private static final String NAME = "org.kde.kwalletd5";
  private static final String OBJECT = "/modules/kwalletd5";
  private static final String INTERFACE = "org.kde.KWallet";
  private static final Duration ANSWER = Duration.ofSeconds(20);

  /** Length of what the login module makes of the person's password. */
  private static final int PAM_HASH = 56;

  private final KeyringSession session;
  private final Path home;

  /** In a session that has no keyring yet. */
  KWallet(KeyringSession session, Path home) {
    this.session = session;
    this.home = home;
  }

  static List<String> missingPrograms() {
    return KeyringSession.missing("kwalletd5");
  }

  /** Starts it with a wallet that was made, and opened, by the login, as pam_kwallet does. */
  Process startUnlocked() throws Exception {
    // The Secret Service knows wallets that were there when it started.
    Process first = startBare();
    openedByLogin();
    end(first);
    Process keyring = startBare();
    openedByLogin();
    return keyring;
  }

  /** Starts it as a session does where nobody has made a wallet yet. */
  Process startBare() throws Exception {
    Path settings = Files.createDirectories(home.resolve(".config")).resolve("kwalletrc");
    if (!Files.exists(settings)) {
      write(settings);
    }
    return session.start(session.command("kwalletd5"), "");
  }

  /** Ends it as the end of a session does: wallets are written late, at the latest when closed. */
  void end(Process keyring) throws BusError {
    try (SessionBus bus = SessionBus.connect(session.address(), NAME)) {
      bus.call(ANSWER, OBJECT, INTERFACE, "closeAllWallets", "");
    }
    KeyringSession.end(keyring);
  }

  private static void write(Path settings) throws IOException {
    Files.writeString(
        settings,
        """
        [Wallet]
        Enabled=true
        First Use=false
        Prompt on Open=false
        Default Wallet=kdewallet
        Launch Manager=false
        [org.freedesktop.secrets]
        apiEnabled=true
        """);
  }

  private void openedByLogin() throws BusError {
    try (SessionBus bus = SessionBus.connect(session.address(), NAME)) {
      bus.call(ANSWER, OBJECT, INTERFACE, "pamOpen", "sayi", "kdewallet", new byte[PAM_HASH], 0);
    }
  }
}
