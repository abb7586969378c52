package dev.codchi.machines;

import dev.codchi.config.Settings;
import dev.codchi.driver.BareContainers;
import dev.codchi.driver.Executor;
import dev.codchi.driver.Mount;
import dev.codchi.driver.Person;
import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import dev.codchi.failure.Undisturbed;
import dev.codchi.failure.Undo;
import dev.codchi.process.HostProgram;
import dev.codchi.store.Store;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Machines' containers with a program that only waits in the place of the machine's own system, so
 * that root's files can be reached with their owners, links and attributes as the machine knows
 * them, without any right on the host.
 *
 * <p>The waiting program reads from a pipe that codchi holds open. Should codchi be killed, the
 * pipe closes and the container stops by itself; the journal makes the next run tidy up.
 */
@ApplicationScoped
class RestingContainers {
  /** Where the machine sees the pipes. */
  private static final String INSIDE = "/run/codchi-transfer";

  private static final String ALIVE = "alive";
  private static final Duration MKFIFO = Duration.ofSeconds(10);

  private final Settings settings;
  private final MachineContainer container;
  private final BareContainers bare;
  private final Executor executor;
  private final Store store;
  private final Journal journal;
  private final SeenUp seenUp;

  RestingContainers(
      Settings settings,
      MachineContainer container,
      BareContainers bare,
      Executor executor,
      Store store,
      Journal journal,
      SeenUp seenUp) {
    this.settings = settings;
    this.container = container;
    this.bare = bare;
    this.executor = executor;
    this.store = store;
    this.journal = journal;
    this.seenUp = seenUp;
  }

  /**
   * Works on the files of a machine that is stopped and locked by the caller. The store need not
   * run.
   */
  <T> T with(MachineName machine, Function<RestingMachine, T> work) {
    String tools =
        store
            .tools()
            .orElseThrow(() ->
                Failure.of(FailureCode.STORE_START, "the store has no programs")
                    .because("it was never started completely"));
    // Whoever is killed before the journal knows leaves an empty directory, which the next uses.
    Path pipes = Person.current().directory(pipes(machine), "rwx------");
    Optional<Journal.Entry> before = journal.entry(machine);
    try (RandomAccessFile alive = new RandomAccessFile(pipe(pipes, ALIVE).toFile(), "rw")) {
      if (before.isEmpty()) {
        journal.note(machine, Journal.Phase.AT_REST, "");
      }
      seenUp.remove(machine);
      try {
        bare.startBare(
            container.name(machine),
            List.of(tools + "/bin/cat", INSIDE + "/" + ALIVE),
            List.of(new Mount("transfer", pipes, INSIDE, false)));
      } catch (RuntimeException failed) {
        // Nothing is stopped: it may run by now, because somebody started it.
        if (Undo.wrongAfter(failed).isEmpty()) {
          Undo.after(
              failed,
              () -> {
                FileTree.delete(pipes);
                if (before.isEmpty()) {
                  journal.forget(machine);
                }
              });
        }
        throw failed;
      }
      try {
        return work.apply(
            new RestingMachine(
                executor, container.name(machine), tools, pipes, INSIDE, RestingContainers::pipe));
      } finally {
        Undisturbed.run(() -> {
          end(machine, () -> close(alive, pipes));
          if (before.isEmpty()) {
            journal.forget(machine);
          }
        });
      }
    } catch (IOException e) {
      throw unusable(pipes, e);
    }
  }

  /** Makes a machine what it was before work that was interrupted. Idempotent. */
  void end(MachineName machine) {
    end(machine, () -> {});
  }

  private void end(MachineName machine, Runnable letGo) {
    bare.endBare(container.name(machine), letGo);
    FileTree.delete(pipes(machine));
  }

  private static void close(RandomAccessFile pipe, Path pipes) {
    try {
      pipe.close();
    } catch (IOException e) {
      throw unusable(pipes, e);
    }
  }

  private Path pipes(MachineName machine) {
    return settings.directories().data().resolve("transfer").resolve(machine.value());
  }

  /** Makes a named pipe, which Java cannot; mkfifo(1). */
  private static Path pipe(Path directory, String name) {
    Path pipe = directory.resolve(name);
    try {
      java.nio.file.Files.deleteIfExists(pipe);
      HostProgram.Result made =
          HostProgram.run(List.of("mkfifo", "-m", "600", pipe.toString()), MKFIFO);
      if (made.status() != 0) {
        throw new IOException(made.errors().strip());
      }
      Person.current().own(pipe);
      return pipe;
    } catch (IOException e) {
      throw unusable(pipe, e);
    }
  }

  private static Failure unusable(Path path, IOException e) {
    return Failure.of(FailureCode.DIRECTORY_UNUSABLE, "cannot make " + path)
        .because(e.toString())
        .causedBy(e);
  }
}
