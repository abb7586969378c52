package dev.codchi.machines;

import dev.codchi.config.Settings;
import dev.codchi.driver.Execution;
import dev.codchi.driver.Executor;
import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import dev.codchi.machines.secrets.AskForSecrets;
import dev.codchi.machines.secrets.CollectSecrets;
import dev.codchi.machines.secrets.CollectedSecrets;
import dev.codchi.machines.secrets.DeclaredSecrets;
import dev.codchi.machines.secrets.SecretDeclaration;
import dev.codchi.machines.secrets.VaultLocation;
import dev.codchi.machines.secrets.delivery.DeliveryStream;
import dev.codchi.progress.Progress;
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
  private static final String DELIVER = "/sw/bin/codchi-deliver";

  private final Settings settings;
  private final MachineContainer container;
  private final Executor executor;
  private final StoreFiles storeFiles;
  private final Generations generations;
  private final CollectSecrets collectSecrets;
  private final AskForSecrets askForSecrets;
  private final AttachCapabilities attachCapabilities;

  Delivery(
      Settings settings,
      MachineContainer container,
      Executor executor,
      StoreFiles storeFiles,
      Generations generations,
      CollectSecrets collectSecrets,
      AskForSecrets askForSecrets,
      AttachCapabilities attachCapabilities) {
    this.settings = settings;
    this.container = container;
    this.executor = executor;
    this.storeFiles = storeFiles;
    this.generations = generations;
    this.collectSecrets = collectSecrets;
    this.askForSecrets = askForSecrets;
    this.attachCapabilities = attachCapabilities;
  }

  /** The secrets that a machine's present system declares. */
  public List<SecretDeclaration> declared(MachineName machine) {
    return generations.current(machine).map(this::declaredBy).orElse(List.of());
  }

  /** The secrets that a built system declares. */
  List<SecretDeclaration> declaredBy(String system) {
    return storeFiles
        .read(system + "/codchi/secrets.json")
        .map(DeclaredSecrets::parse)
        .orElse(List.of());
  }

  /**
   * The values for a machine, to be closed by the caller: those that codchi makes are made, and a
   * person is asked for what is missing. What is missing still is only told: the machine runs
   * without, and its own services show what they lack.
   *
   * @throws Failure what the vault, its key's keeper, or the program that keeps secrets report
   */
  CollectedSecrets collect(
      MachineName machine, List<SecretDeclaration> declared, Progress progress) {
    if (declared.isEmpty()) {
      return new CollectedSecrets(Map.of());
    }
    VaultLocation location = VaultLocation.of(settings.directories(), machine.value());
    collectSecrets
        .generate(location, declared)
        .forEach(made -> progress.note("Made " + made + " for " + machine));
    askForSecrets
        .ask(location, declared)
        .forEach(missing ->
            progress.warn(
                "%s has no value for %s; set it with 'codchi secrets set %s %s'"
                    .formatted(machine, missing.id(), machine, missing.id().name())));
    return collectSecrets.available(location, declared);
  }

  /**
   * Delivers everything anew to a running machine. It takes all of it or, when something is wrong,
   * nothing. Idempotent.
   *
   * @throws Failure {@code MACHINE_BOOT} when the machine does not take it; what {@link #collect}
   *     reports
   */
  public void deliver(MachineName machine, Progress progress) {
    try (CollectedSecrets secrets = collect(machine, declared(machine), progress)) {
      send(machine, MachineContainer.SYSTEM, secrets);
    }
  }

  /**
   * Hands values over, with the host's own variables.
   *
   * @param system whose program takes them
   * @throws Failure {@code MACHINE_BOOT} when the machine does not take them
   */
  void send(MachineName machine, String system, CollectedSecrets secrets) {
    Map<String, String> variables = new LinkedHashMap<>();
    variables.putAll(attachCapabilities.environment(machine));
    variables.put("CODCHI_MACHINE_NAME", machine.value());
    variables.put("CODCHI_NAME", machine.value());
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    int status;
    try (DeliveryStream stream = DeliveryStream.of(variables, secrets.values())) {
      byte[] bytes = stream.bytes();
      try {
        status =
            executor.run(
                new Execution(
                    container.name(machine),
                    List.of(system + DELIVER),
                    Map.of("PATH", system + "/sw/bin"),
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
