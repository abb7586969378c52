package dev.codchi.export;

import dev.codchi.config.Settings;
import dev.codchi.driver.ContainerFiles;
import dev.codchi.driver.Execution;
import dev.codchi.driver.Executor;
import dev.codchi.driver.FollowedProgram;
import dev.codchi.driver.HostIdentity;
import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import dev.codchi.machines.InitMachine;
import dev.codchi.machines.MachineDefinition;
import dev.codchi.machines.MachineName;
import dev.codchi.machines.RestingMachine;
import dev.codchi.machines.RestoreMachine;
import dev.codchi.progress.Progress;
import dev.codchi.store.Nix;
import dev.codchi.store.Store;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.Pipe;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Makes a machine from an archive of {@code codchi tar}, or from any tar archive of a system's
 * files. The archive is read twice: once to check all of it before anything is made, and once to
 * unpack it, which GNU tar does inside the new machine's container.
 */
@ApplicationScoped
public class ImportMachine {
  private final Settings settings;
  private final InitMachine initMachine;
  private final RestoreMachine restoreMachine;
  private final Nix nix;
  private final Store store;
  private final Executor executor;
  private final ImportSources sources;
  private final ContainerFiles containerFiles;

  ImportMachine(
      Settings settings,
      InitMachine initMachine,
      RestoreMachine restoreMachine,
      Nix nix,
      Store store,
      Executor executor,
      ImportSources sources,
      ContainerFiles containerFiles) {
    this.settings = settings;
    this.initMachine = initMachine;
    this.restoreMachine = restoreMachine;
    this.nix = nix;
    this.store = store;
    this.executor = executor;
    this.sources = sources;
    this.containerFiles = containerFiles;
  }

  /**
   * What was imported.
   *
   * @param members how many members the archive has
   * @param described whether it said what the machine is made of; if not, the machine has no
   *     modules
   * @param modules what its flake names, if it is not described
   * @param secrets how many secrets came along
   */
  public record Imported(
      long members, boolean described, List<Imported.Module> modules, int secrets) {
    public Imported {
      modules = List.copyOf(modules);
    }

    /**
     * A module that the archive's flake names.
     *
     * @param address where it comes from, without credentials
     * @param attribute the flake's output, for example {@code nixosModules.default}; empty when the
     *     flake does not say it in a known form
     * @param credentials whether the address had some
     */
    public record Module(String address, String attribute, boolean credentials) {}
  }

  /**
   * Imports a file as a new machine and starts it. When anything fails, nothing is left.
   *
   * @throws Failure {@code IMPORT_REFUSED}, {@code MACHINE_EXISTS}, {@code DISK_FULL}, and those of
   *     {@link RestoreMachine#restore}
   */
  public Imported importMachine(Path file, MachineName name, Progress progress) {
    initMachine.requireFree(name, progress);
    try {
      if (!Files.isRegularFile(file)) {
        throw Failure.of(FailureCode.IMPORT_REFUSED, "there is no file " + file);
      }
      Manifest.compare(file);
      try (ImportSource source = sources.open(file, progress)) {
        return restored(source, file, name, progress);
      }
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  private Imported restored(ImportSource source, Path file, MachineName name, Progress progress)
      throws IOException {
    MachineArchive archive = inspect(source, file, progress);
    MachineDefinition definition = archive.definition(name);
    restoreMachine.restore(
        definition,
        archive.description().isEmpty() ? Optional.empty() : archive.lock(),
        archive.secrets(),
        resting -> {
          try (Progress.Step _ = progress.begin("Unpacking the files of " + name)) {
            try (TemporaryAccounts _ = new TemporaryAccounts(containerFiles, resting.container())) {
              unpack(source, archive.prefix(), resting);
            }
          } catch (IOException e) {
            throw unreadable(file, e);
          }
        },
        progress);
    return new Imported(
        archive.members(),
        archive.description().isPresent(),
        archive.modules().stream()
            .map(each ->
                new Imported.Module(
                    each.address(), each.attribute().orElse(""), each.credentials()))
            .toList(),
        archive.secrets().size());
  }

  private MachineArchive inspect(ImportSource source, Path file, Progress progress)
      throws IOException {
    ArchiveRules rules =
        new ArchiveRules(
            source.length(), Files.getFileStore(settings.directories().data()).getUsableSpace());
    if (source.compression() == Compression.NONE) {
      try (Progress.Step _ = progress.begin("Checking " + file)) {
        return MachineArchive.read(source.open(), rules);
      }
    }
    nix.prepare(progress);
    try (Progress.Step _ = progress.begin("Checking " + file);
        InputStream packed = source.stream()) {
      return inspectPacked(packed, source.compression(), rules);
    }
  }

  /** Unpacks in the store's container, where the programs are, and checks what comes out. */
  private MachineArchive inspectPacked(
      InputStream packed, Compression compression, ArchiveRules rules) throws IOException {
    String program = compression.program().orElseThrow();
    java.util.ArrayList<String> command =
        new java.util.ArrayList<>(
            List.of(
                store.tools().orElseThrow(() -> new IOException("the store has no programs"))
                    + "/bin/"
                    + program));
    command.addAll(compression.unpacking());
    Pipe pipe = Pipe.open();
    ByteArrayOutputStream errors = new ByteArrayOutputStream();
    try (Pipe.SourceChannel source = pipe.source();
        OutputStream sink = Channels.newOutputStream(pipe.sink())) {
      Executor.Running running =
          executor.start(
              new Execution(
                  store.containerName(),
                  command,
                  Map.of(),
                  HostIdentity.INSIDE_UID,
                  HostIdentity.INSIDE_GID,
                  "/",
                  new Execution.Streams(packed, sink, errors)));
      FollowedProgram unpacking = FollowedProgram.follow(running, sink);
      MachineArchive archive;
      try {
        archive = MachineArchive.read(source, rules);
        new TarInput(source).drain();
      } catch (IOException | RuntimeException e) {
        running.signal(15);
        // What broke off here did so for that reason.
        unpacking.requireNotLost();
        throw e;
      }
      if (unpacking.await() != 0) {
        throw Failure.of(FailureCode.IMPORT_REFUSED, "the archive is not imported")
            .because(errors.toString(StandardCharsets.UTF_8).strip());
      }
      return archive;
    }
  }

  private void unpack(ImportSource archive, String prefix, RestingMachine resting)
      throws IOException {
    if (archive.compression() == Compression.NONE) {
      fill(archive.open(), prefix, resting);
      return;
    }
    Compression compression = archive.compression();
    RestingMachine.Program unpacker =
        resting.start(compression.program().orElseThrow(), compression.unpacking(), true, true);
    Thread feeder =
        Thread.ofPlatform()
            .daemon()
            .start(() -> {
              try (FileChannel into = unpacker.input();
                  java.nio.channels.ReadableByteChannel packed = archive.open()) {
                BlockOutput output = new BlockOutput(into);
                java.nio.ByteBuffer buffer = java.nio.ByteBuffer.allocateDirect(256 * 1024);
                while (packed.read(buffer) >= 0) {
                  output.write(buffer.flip());
                  buffer.clear();
                }
                output.flush();
              } catch (IOException | RuntimeException ended) {
                // The unpacker's status tells what was wrong.
                unpacker.end();
              }
            });
    try (FileChannel source = unpacker.output()) {
      fill(source, prefix, resting);
    } finally {
      feeder.interrupt();
    }
  }

  /** Hands to GNU tar what belongs into a machine; the archive may have changed since the check. */
  private void fill(
      java.nio.channels.ReadableByteChannel source, String prefix, RestingMachine resting)
      throws IOException {
    ArchiveRules rules = new ArchiveRules(Long.MAX_VALUE, Long.MAX_VALUE);
    Regenerated regenerated = new Regenerated("");
    List<String> arguments =
        new java.util.ArrayList<>(
            List.of(
                "--extract",
                "--directory=/",
                "--numeric-owner",
                "--same-permissions",
                "--acls",
                "--xattrs",
                "--xattrs-include=user.*",
                "--xattrs-include=security.capability",
                "--delay-directory-restore",
                "--blocking-factor=128"));
    if (!prefix.isEmpty()) {
      // Where links lead stays as it is, except for hard links, which name other members.
      arguments.add("--transform=flags=rhS;s,^" + prefix + ",,");
    }
    RestingMachine.Program tar = resting.start("tar", arguments, true, false);
    try (FileChannel into = tar.input()) {
      BlockOutput output = new BlockOutput(into);
      TarInput input = new TarInput(source);
      TarEntry entry;
      while ((entry = input.next()) != null) {
        rules.check(entry);
        TarEntry member = entry.below(prefix);
        if (entry.path().startsWith(prefix)
            && !regenerated.contains(member)
            && !Regenerated.isInTree(member.name())
            && !member.name().equals("nix-path-registration")) {
          input.copyTo(output);
        }
      }
      input.drain();
      output.write(new byte[2 * TarInput.BLOCK]);
      output.flush();
    } catch (IOException e) {
      if (tar.await() != 0) {
        throw notUnpacked(tar);
      }
      throw e;
    }
    if (tar.await() != 0) {
      throw notUnpacked(tar);
    }
  }

  private static Failure notUnpacked(RestingMachine.Program tar) {
    List<String> errors = tar.errors();
    return Failure.of(FailureCode.IMPORT_REFUSED, "the archive cannot be unpacked")
        .because(String.join("\n", errors.subList(0, Math.min(5, errors.size()))));
  }

  private static Failure unreadable(Path file, IOException e) {
    return Failure.of(FailureCode.IMPORT_REFUSED, "cannot read " + file)
        .because(String.valueOf(e.getMessage()))
        .causedBy(e);
  }
}
