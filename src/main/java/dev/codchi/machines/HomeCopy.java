package dev.codchi.machines;

import dev.codchi.config.Settings;
import dev.codchi.driver.Containers;
import dev.codchi.driver.Execution;
import dev.codchi.driver.Executor;
import dev.codchi.driver.FollowedProgram;
import dev.codchi.driver.Person;
import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import dev.codchi.failure.Undo;
import dev.codchi.progress.Progress;
import dev.codchi.store.StoreFileCopy;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.Pipe;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Map;

/**
 * Copies a machine's home. Files of the person share their blocks with the originals where the file
 * system can. Files of the machine's root and its services belong to ids that only this machine
 * has: the machine reads them and the copy writes them, each with its own ids.
 */
@ApplicationScoped
class HomeCopy {
  private static final String PROGRAMS = MachineContainer.SYSTEM + "/sw/bin";

  private final Settings settings;
  private final MachineContainer container;
  private final Containers containers;
  private final Executor executor;
  private final StoreFileCopy storeFileCopy;

  HomeCopy(
      Settings settings,
      MachineContainer container,
      Containers containers,
      Executor executor,
      StoreFileCopy storeFileCopy) {
    this.settings = settings;
    this.container = container;
    this.containers = containers;
    this.executor = executor;
    this.storeFileCopy = storeFileCopy;
  }

  /** Whether everything in a home belongs to the person, and can be read by the person. */
  boolean personal(MachineName machine) {
    Path home = settings.directories().home(machine.value());
    int uid = Person.current().identity().uid();
    try {
      boolean[] personal = {true};
      Files.walkFileTree(
          home,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes attributes)
                throws IOException {
              return visitFile(path, attributes);
            }

            @Override
            public FileVisitResult visitFile(Path path, BasicFileAttributes attributes)
                throws IOException {
              int owner = (Integer) Files.getAttribute(path, "unix:uid", LinkOption.NOFOLLOW_LINKS);
              personal[0] = owner == uid;
              return personal[0] ? FileVisitResult.CONTINUE : FileVisitResult.TERMINATE;
            }
          });
      return personal[0];
    } catch (IOException unreadable) {
      return false;
    }
  }

  /** Copies a home in which everything is the person's. The store must run, with its tools. */
  void copyPersonal(MachineName from, MachineName to, Progress progress) {
    storeFileCopy.copy("/data/machine/" + from, "/data/machine/" + to, progress);
  }

  /**
   * Copies a home with files of other ids. Both containers are started for that when they do not
   * run; the copy's is stopped afterwards.
   */
  void copyThroughMachines(MachineName from, MachineName to) {
    String source = container.name(from);
    String target = container.name(to);
    boolean sourceRuns = containers.find(source).map(found -> found.running()).orElse(false);
    Runnable copy = () -> whileRunning(target, () -> stream(source, target));
    if (sourceRuns) {
      copy.run();
    } else {
      whileRunning(source, copy);
    }
  }

  private void whileRunning(String stopped, Runnable work) {
    try {
      containers.start(stopped);
      work.run();
    } catch (RuntimeException failed) {
      Undo.after(failed, () -> containers.stop(stopped, 0));
      throw failed;
    }
    containers.stop(stopped, 0);
  }

  private void stream(String source, String target) {
    ByteArrayOutputStream errors = new ByteArrayOutputStream();
    Pipe pipe = open();
    try (Pipe.SinkChannel sink = pipe.sink();
        OutputStream out = Channels.newOutputStream(sink);
        InputStream in = Channels.newInputStream(pipe.source())) {
      List<String> pack = List.of("--warning=no-file-changed", "--warning=no-file-ignored");
      Executor.Running reading =
          executor.start(
              tar(
                  source,
                  concat(List.of("-cf", "-"), pack),
                  new Execution.Streams(null, out, errors)));
      FollowedProgram read = FollowedProgram.follow(reading, out);
      int written =
          executor.run(
              tar(target, List.of("-xpf", "-"), new Execution.Streams(in, errors, errors)));
      // 1: a file changed while it was read; what was read is in the archive.
      if (written != 0) {
        read.requireNotLost();
      }
      if (written != 0 || read.await() > 1) {
        throw Failure.of(FailureCode.MACHINE_BROKEN, "the home could not be copied")
            .because(errors.toString(StandardCharsets.UTF_8).strip())
            .next("Nothing was changed.");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Pipe open() {
    try {
      return Pipe.open();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Execution tar(String container, List<String> arguments, Execution.Streams io) {
    List<String> command =
        concat(
            List.of(PROGRAMS + "/tar"),
            concat(arguments, List.of("--numeric-owner", "-C", MachineContainer.HOME)));
    if (arguments.contains("-cf")) {
      command = concat(command, List.of("."));
    }
    return new Execution(
        container, command, Map.of("PATH", PROGRAMS, "LC_ALL", "C"), 0, 0, "/", io);
  }

  private static List<String> concat(List<String> first, List<String> second) {
    return java.util.stream.Stream.concat(first.stream(), second.stream()).toList();
  }
}
