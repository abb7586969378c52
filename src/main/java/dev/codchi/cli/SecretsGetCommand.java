package dev.codchi.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import dev.codchi.machines.MachineName;
import dev.codchi.machines.MachineSecrets;
import dev.codchi.machines.secrets.ReadSecret;
import dev.codchi.machines.secrets.SecretId;
import dev.codchi.machines.secrets.SecretKind;
import dev.codchi.machines.secrets.SecretValue;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code codchi secrets get}. */
@Command(name = "get", description = "Print the value of a secret, on a terminal only.")
final class SecretsGetCommand implements Callable<Integer> {
  private final MachineSecrets machineSecrets;
  private final ReadSecret readSecret;
  private final Console console;

  @Parameters(index = "0", paramLabel = "NAME", description = "The machine.")
  String name = "";

  @Parameters(index = "1", paramLabel = "SECRET", description = "The secret's name.")
  String secret = "";

  @Option(
      names = "--kind",
      paramLabel = "KIND",
      description = "env, file or token; found by itself for a secret that is declared or set.")
  @Nullable SecretKind kind;

  @Option(
      names = {"-f", "--force"},
      description = "Print it also where that is no terminal, and as JSON (in Base64).")
  boolean force;

  SecretsGetCommand(MachineSecrets machineSecrets, ReadSecret readSecret, Console console) {
    this.machineSecrets = machineSecrets;
    this.readSecret = readSecret;
    this.console = console;
  }

  @Override
  public Integer call() {
    MachineName machine = MachineName.of(name);
    SecretId id = machineSecrets.identify(machine, secret, Optional.ofNullable(kind));
    boolean terminal = Console.terminal(1);
    if (!force && (!terminal || console.json())) {
      throw Failure.of(FailureCode.BAD_USAGE, "the value of " + id + " was not printed")
          .because(console.json() ? "JSON is for programs" : "standard output is not a terminal")
          .next("Give --force if the value may go there.");
    }
    try (SecretValue value = readSecret.read(machineSecrets.locate(machine), id)) {
      byte[] bytes = value.bytes();
      if (console.json()) {
        ObjectNode document = Json.document("secret").put("machine", machine.value());
        document.put("name", id.name()).put("kind", id.kind().word());
        document.put("base64", Base64.getEncoder().encodeToString(bytes));
        console.out().println(Json.pretty(document));
      } else {
        PrintStream out = console.out();
        out.write(bytes, 0, bytes.length);
        if (terminal && (bytes.length == 0 || bytes[bytes.length - 1] != '\n')) {
          out.println();
        }
        out.flush();
      }
      Arrays.fill(bytes, (byte) 0);
    }
    return 0;
  }
}
