package dev.codchi.machines.secrets.keys;

import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import dev.codchi.machines.secrets.SecretValue;
import io.quarkus.arc.DefaultBean;
import jakarta.enterprise.context.ApplicationScoped;

/** Stands in where no person can be asked. */
@DefaultBean
@ApplicationScoped
class NobodyToAsk implements PassphrasePrompt {
  @Override
  public SecretValue passphrase(String machine, boolean fresh) {
    throw Failure.of(
            FailureCode.NEEDS_ANSWER, "The secrets of machine " + machine + " need a passphrase")
        .because("There is no terminal to ask for it")
        .next(
            "Write it into a file that only you can read and name that in secrets.passphrase_file.");
  }
}
