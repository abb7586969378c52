package dev.codchi.store;

import dev.codchi.driver.Execution;
import dev.codchi.driver.Executor;
import dev.codchi.driver.HostIdentity;
import dev.codchi.progress.Progress;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Runs a shell, or another program, in the store for the person. */
@ApplicationScoped
public class StoreShell {
  private final Store store;
  private final Nix nix;
  private final Executor executor;

  StoreShell(Store store, Nix nix, Executor executor) {
    this.store = store;
    this.nix = nix;
    this.executor = executor;
  }

  /**
   * Starts it; the store is started before if need be.
   *
   * @param command the program and its arguments; empty for a shell
   * @param terminalType the outer terminal's {@code TERM}
   */
  public Executor.Running start(
      List<String> command, String terminalType, Execution.Io io, Progress progress) {
    nix.prepare(progress);
    Map<String, String> environment = new HashMap<>(StoreSystem.personEnvironment());
    environment.put("TERM", terminalType);
    return executor.start(
        new Execution(
            store.containerName(),
            store.throughProxy(command.isEmpty() ? List.of("/bin/sh") : command),
            environment,
            HostIdentity.INSIDE_UID,
            HostIdentity.INSIDE_GID,
            "/data",
            io));
  }
}
