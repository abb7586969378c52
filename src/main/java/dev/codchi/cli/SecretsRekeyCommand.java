package dev.codchi.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import dev.codchi.machines.secrets.RekeySecrets;
import dev.codchi.machines.secrets.Rekeyed;
import dev.codchi.machines.secrets.keys.GivenPassphrases;
import dev.codchi.machines.secrets.keys.PassphraseProvider;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code codchi secrets rekey}. */
@Command(
    name = "rekey",
    description = {
      "Make a new key for the secrets of all machines, and seal them anew with it.",
      "The old key is removed when nothing needs it any more. The values stay."
    })
final class SecretsRekeyCommand implements Callable<Integer> {
  private final RekeySecrets rekeySecrets;
  private final SecretInput input;
  private final Console console;
  private final ConsoleProgress progress;

  @Option(
      names = "--stdin",
      description =
          "Take the present passphrase and the new one from two lines of standard input, instead of asking.")
  boolean stdin;

  SecretsRekeyCommand(
      RekeySecrets rekeySecrets, SecretInput input, Console console, ConsoleProgress progress) {
    this.rekeySecrets = rekeySecrets;
    this.input = input;
    this.console = console;
    this.progress = progress;
  }

  @Override
  public Integer call() {
    if (!stdin) {
      if (!console.confirm(
          "Copies of the secrets elsewhere, such as backups, may not open any more. Make a new key?",
          "--yes")) {
        throw Failure.of(FailureCode.REFUSED_BY_USER, "no new key was made");
      }
      report(rekeySecrets.rekey(Optional.empty(), progress::detail));
      return 0;
    }
    try (GivenPassphrases given = input.passphrases()) {
      report(rekeySecrets.rekey(Optional.of(given), progress::detail));
    }
    return 0;
  }

  private void report(Rekeyed done) {
    if (console.json()) {
      ObjectNode document = Json.document("secrets-rekeyed").put("provider", done.provider());
      done.machines().forEach(document.putArray("machines")::add);
      done.left().forEach(document.putArray("left")::add);
      console.out().println(Json.pretty(document));
      return;
    }
    progress.note(
        done.machines().isEmpty()
            ? "No secrets are kept with a key of the provider " + done.provider() + "."
            : "The secrets of %s are sealed with a new key (%s)."
                .formatted(String.join(", ", done.machines()), done.provider()));
    if (!done.left().isEmpty()) {
      progress.note(
          "Another provider keeps the key of "
              + String.join(", ", done.left())
              + "; 'codchi secrets rotate NAME' changes the provider.");
    }
    if (done.provider().equals(PassphraseProvider.ID) && !done.machines().isEmpty()) {
      progress.note("If secrets.passphrase_file is set, write the new passphrase into that file.");
    }
  }
}
