package dev.codchi.store;

import dev.codchi.driver.Execution;
import dev.codchi.driver.Executor;
import dev.codchi.driver.HostIdentity;
import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import dev.codchi.files.FullDisk;
import dev.codchi.progress.Progress;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Copies whole directories of the person with the store's tools. */
@ApplicationScoped
public class StoreFileCopy {
  private final Store store;
  private final Nix nix;
  private final Executor executor;

  StoreFileCopy(Store store, Nix nix, Executor executor) {
    this.store = store;
    this.nix = nix;
    this.executor = executor;
  }

  /**
   * Copies what is in a directory into another one that exists: modes, times, links and holes stay,
   * and blocks are shared where the file system can (reflinks).
   *
   * @param from as the store sees it
   * @param to as the store sees it
   * @throws Failure {@code DISK_FULL}, {@code DIRECTORY_UNUSABLE} with the first of cp's words
   */
  public void copy(String from, String to, Progress progress) {
    nix.prepare(progress);
    ByteArrayOutputStream errors = new ByteArrayOutputStream();
    int status =
        executor.run(
            new Execution(
                store.containerName(),
                List.of("cp", "--archive", "--reflink=auto", "--", from + "/.", to),
                StoreSystem.personEnvironment(),
                HostIdentity.INSIDE_UID,
                HostIdentity.INSIDE_GID,
                "/",
                new Execution.Streams(null, errors, errors)));
    if (status != 0) {
      String said = errors.toString(StandardCharsets.UTF_8).strip();
      boolean full = FullDisk.isMeantBy(said);
      throw Failure.of(
              full ? FailureCode.DISK_FULL : FailureCode.DIRECTORY_UNUSABLE,
              from + " could not be copied")
          .because(said.lines().findFirst().orElse("cp ended with " + status));
    }
  }
}
