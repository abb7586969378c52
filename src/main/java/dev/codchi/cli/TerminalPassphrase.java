package dev.codchi.cli;

import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import dev.codchi.machines.secrets.SecretValue;
import dev.codchi.machines.secrets.keys.PassphrasePrompt;
import jakarta.enterprise.context.ApplicationScoped;

/** Asks at the terminal for the passphrase that seals secrets; twice when it is a new one. */
@ApplicationScoped
public class TerminalPassphrase implements PassphrasePrompt {
  private final HiddenInput input;

  TerminalPassphrase(HiddenInput input) {
    this.input = input;
  }

  @Override
  public SecretValue passphrase(String machine, boolean fresh) {
    if (!input.possible()) {
      throw Failure.of(
              FailureCode.NEEDS_ANSWER, "the secrets of machine " + machine + " need a passphrase")
          .because("there is no terminal to ask for it")
          .next(
              "Write it into a file that only you can read and name that in secrets.passphrase_file.");
    }
    if (!fresh) {
      return input.ask("Passphrase of the secrets of " + machine);
    }
    SecretValue first = input.ask("New passphrase for the secrets of " + machine);
    try (SecretValue second = input.ask("The same again")) {
      if (!first.equals(second)) {
        first.close();
        throw Failure.of(FailureCode.REFUSED_BY_USER, "the two passphrases differ")
            .next("Nothing was changed; try again.");
      }
      return first;
    } catch (RuntimeException failed) {
      first.close();
      throw failed;
    }
  }
}
