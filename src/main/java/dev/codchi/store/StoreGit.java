package dev.codchi.store;

import dev.codchi.config.Settings;
import dev.codchi.driver.Execution;
import dev.codchi.driver.Executor;
import dev.codchi.driver.HostIdentity;
import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import dev.codchi.progress.Progress;
import dev.codchi.redaction.KnownValues;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The store's git, which sees the homes of all machines: it works for machines that do not run yet,
 * and for those that have no git of their own. What it makes belongs to the person.
 */
@ApplicationScoped
public class StoreGit {
  private final Settings settings;
  private final Store store;
  private final Executor executor;
  private final KnownValues known;

  StoreGit(Settings settings, Store store, Executor executor, KnownValues known) {
    this.known = known;
    this.settings = settings;
    this.store = store;
    this.executor = executor;
  }

  /**
   * Runs git and waits for it. The store must run, with its tools.
   *
   * @param directory where, as the store sees it
   * @param arguments what follows {@code git}
   * @throws Failure {@code NIX_NO_REPOSITORY}, {@code NIX_CREDENTIALS}, {@code NIX_NETWORK}, {@code
   *     NIX_TLS} or {@code DISK_FULL} with git's own words
   */
  public void run(String directory, List<String> arguments, NixAccess access, Progress progress) {
    List<String> command = new ArrayList<>(List.of("git"));
    command.addAll(arguments);
    Map<String, String> environment = new LinkedHashMap<>(StoreSystem.personEnvironment());
    environment.putAll(access.environment());
    Path logFile = settings.directories().logs().resolve("nix.log");
    try (NixConversation conversation = new NixConversation(command, logFile, progress, known)) {
      int status =
          executor.run(
              new Execution(
                  store.containerName(),
                  command,
                  environment,
                  HostIdentity.INSIDE_UID,
                  HostIdentity.INSIDE_GID,
                  directory,
                  new Execution.Streams(null, conversation, conversation)));
      if (status != 0) {
        throw ofGit(conversation.failure(status));
      }
    }
  }

  /** What nobody understands is at least no failure of an evaluation. */
  private static Failure ofGit(Failure failure) {
    if (failure.code() != FailureCode.NIX_EVALUATION) {
      return failure;
    }
    return Failure.of(FailureCode.NIX_NO_REPOSITORY, "git could not get the repository")
        .because(failure.why() == null ? failure.what() : failure.why())
        .next("Check the address, and --branch, --tag or --commit.")
        .causedBy(failure);
  }
}
