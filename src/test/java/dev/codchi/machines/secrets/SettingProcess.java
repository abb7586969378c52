package dev.codchi.machines.secrets;

import dev.codchi.config.SecretsSettings;
import dev.codchi.machines.secrets.keys.KeyProviders;
import dev.codchi.machines.secrets.keys.KeyringKeeper;
import dev.codchi.machines.secrets.keys.MemoryKeyring;
import dev.codchi.redaction.KnownValues;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Another codchi: sets a number of secrets, one after the other, once it is told to begin. */
final class SettingProcess {
  private SettingProcess() {}

  public static void main(String[] arguments) throws IOException {
    Path directory = Path.of(arguments[0]);
    SetSecret set = new SetSecret(vaults(directory));
    System.out.println("ready");
    if (System.in.read() < 0) {
      return;
    }
    for (int i = 0; i < Integer.parseInt(arguments[2]); i++) {
      String name = arguments[1] + i;
      set.set(location(directory), SecretId.env(name), SecretValue.ofText("value of " + name));
    }
  }

  static VaultLocation location(Path directory) {
    return new VaultLocation(
        "web", directory.resolve("secrets.vault"), directory.resolve("lock/v"));
  }

  /** Vaults whose key is in a file, so that several processes can open them. */
  static Vaults vaults(Path directory) {
    return new Vaults(
        new KeyProviders(
            () ->
                new SecretsSettings(
                    Optional.of("keyfile"),
                    directory.resolve("secrets.key"),
                    Optional.empty(),
                    List.of()),
            (machine, fresh) -> {
              throw new AssertionError("nobody is asked for a passphrase");
            },
            new KeyringKeeper(new MemoryKeyring())),
        new KnownValues());
  }

  static Process start(Path directory, String prefix, int count) throws IOException {
    Process process =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-cp",
                    System.getProperty("java.class.path"),
                    SettingProcess.class.getName(),
                    directory.toString(),
                    prefix,
                    Integer.toString(count)))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String line = process.inputReader().readLine();
    if (!"ready".equals(line)) {
      throw new IllegalStateException("the other process said: " + line);
    }
    return process;
  }
}
