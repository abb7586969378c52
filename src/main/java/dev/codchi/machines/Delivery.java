package dev.codchi.machines;

import dev.codchi.config.Settings;
import dev.codchi.driver.Execution;
import dev.codchi.driver.Executor;
import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import dev.codchi.machines.secrets.DeclaredSecrets;
import dev.codchi.machines.secrets.SecretDeclaration;
import dev.codchi.machines.secrets.SecretId;
import dev.codchi.machines.secrets.SecretValue;
import dev.codchi.machines.secrets.VaultLocation;
import dev.codchi.machines.secrets.Vaults;
import dev.codchi.machines.secrets.delivery.DeliveryStream;
import dev.codchi.store.StoreFiles;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Brings the host's variables and the machine's secrets into a running machine; see {@code
 * src/main/nix/README.md}.
 */
@ApplicationScoped
public class Delivery {
  private static final String DELIVER = MachineContainer.SYSTEM + "/sw/bin/codchi-deliver";

  private final Settings settings;
  private final MachineContainer container;
  private final Executor executor;
  private final StoreFiles storeFiles;
  private final Generations generations;
  private final Vaults vaults;

  Delivery(
      Settings settings,
      MachineContainer container,
      Executor executor,
      StoreFiles storeFiles,
      Generations generations,
      Vaults vaults) {
    this.settings = settings;
    this.container = container;
    this.executor = executor;
    this.storeFiles = storeFiles;
    this.generations = generations;
    this.vaults = vaults;
  }

  /** The secrets that a machine's present system declares. */
  public List<SecretDeclaration> declared(MachineName machine) {
    return generations
        .current(machine)
        .flatMap(system -> storeFiles.read(system + "/codchi/secrets.json"))
        .map(DeclaredSecrets::parse)
        .orElse(List.of());
  }

  /**
   * Delivers everything anew. The machine takes all of it or, when something is wrong, nothing.
   * Idempotent.
   *
   * @throws Failure {@code MACHINE_BOOT} when the machine does not take it; what the vault reports
   */
  public void deliver(MachineName machine) {
    List<SecretDeclaration> declared = declared(machine);
    if (declared.isEmpty()) {
      send(machine, Map.of());
      return;
    }
    VaultLocation location = VaultLocation.of(settings.directories(), machine.value());
    Map<SecretId, SecretValue> values =
        vaults
            .read(
                location,
                vault -> {
                  Map<SecretId, SecretValue> found = new LinkedHashMap<>();
                  for (SecretDeclaration declaration : declared) {
                    vault
                        .get(declaration.id())
                        .ifPresent(value -> found.put(declaration.id(), value));
                  }
                  return found;
                })
            .orElse(Map.of());
    try {
      send(machine, values);
    } finally {
      values.values().forEach(SecretValue::close);
    }
  }

  private void send(MachineName machine, Map<SecretId, SecretValue> values) {
    Map<String, String> variables = new LinkedHashMap<>();
    variables.put("CODCHI_MACHINE_NAME", machine.value());
    variables.put("CODCHI_NAME", machine.value());
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    int status;
    try (DeliveryStream stream = DeliveryStream.of(variables, values)) {
      byte[] bytes = stream.bytes();
      try {
        status =
            executor.run(
                new Execution(
                    container.name(machine),
                    List.of(DELIVER),
                    Map.of("PATH", MachineContainer.SYSTEM + "/sw/bin"),
                    0,
                    0,
                    "/",
                    new Execution.Streams(new ByteArrayInputStream(bytes), said, said)));
      } finally {
        Arrays.fill(bytes, (byte) 0);
      }
    }
    if (status != 0) {
      throw Failure.of(
              FailureCode.MACHINE_BOOT,
              "the machine " + machine + " does not take its environment and secrets")
          .because(said.toString(StandardCharsets.UTF_8).strip());
    }
  }
}
