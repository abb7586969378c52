package dev.codchi.export;

import dev.codchi.config.Settings;
import dev.codchi.driver.ContainerFiles;
import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import dev.codchi.machines.MachineAtRest;
import dev.codchi.machines.MachineName;
import dev.codchi.machines.Machines;
import dev.codchi.machines.RestingMachine;
import dev.codchi.progress.Progress;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Writes all files of a machine to a tar archive that makes any NixOS what the machine was. One
 * pass, no copy, constant memory: GNU tar reads the files inside the machine's own container, and
 * what NixOS makes anew is taken out of the stream.
 */
@ApplicationScoped
public class ExportTar {
  /** GNU tar's status for files that changed or vanished while they were read. */
  private static final int CHANGED = 1;

  private static final int MOST_COMPLAINTS = 5;

  private final Settings settings;
  private final Machines machines;
  private final MachineAtRest atRest;
  private final ContainerFiles containerFiles;
  private final MachineFiles machineFiles;

  ExportTar(
      Settings settings,
      Machines machines,
      MachineAtRest atRest,
      ContainerFiles containerFiles,
      MachineFiles machineFiles) {
    this.settings = settings;
    this.machines = machines;
    this.atRest = atRest;
    this.containerFiles = containerFiles;
    this.machineFiles = machineFiles;
  }

  /**
   * What is wanted.
   *
   * @param file where the archive goes; {@code null} for standard output
   * @param compression how it is packed
   * @param secrets whether secrets go along
   * @param replace whether a file that exists is replaced
   * @param stop whether a running machine is stopped meanwhile
   */
  public record Wanted(
      @Nullable Path file,
      Compression compression,
      SecretsPolicy secrets,
      boolean replace,
      boolean stop) {
    /** An archive packed as its name says. */
    public static Wanted of(
        @Nullable Path file, SecretsPolicy secrets, boolean replace, boolean stop) {
      Compression compression =
          file == null ? Compression.NONE : Compression.ofName(file.getFileName().toString());
      return new Wanted(file, compression, secrets, replace, stop);
    }
  }

  /**
   * What was written.
   *
   * @param members files, directories and links in the archive
   * @param unpacked size of the archive before it was packed, in bytes
   * @param skipped what no archive can hold: sockets
   */
  public record Exported(long members, long unpacked, List<String> skipped) {
    public Exported {
      skipped = List.copyOf(skipped);
    }
  }

  /**
   * Exports a machine. The store need not run. The file has its name only when it is complete.
   *
   * @throws Failure {@code MACHINE_RUNNING}, {@code EXPORT_TARGET}, {@code EXPORT_EXISTS}, {@code
   *     DISK_FULL}; {@code EXPORT_UNREADABLE} when a file cannot be read: no archive is better than
   *     one that lacks something
   */
  public Exported export(MachineName name, Wanted wanted, Progress progress) {
    MachineName machine = machines.find(name).orElse(name);
    Path home = settings.directories().home(machine.value());
    try (Destination destination =
        wanted.file() == null
            ? Destination.standardOutput()
            : Destination.file(wanted.file(), home, wanted.replace())) {
      List<MachineFiles.Added> added = machineFiles.of(machine, wanted.secrets());
      Exported exported =
          atRest.work(
              machine,
              "tar " + machine,
              wanted.stop(),
              progress,
              resting -> {
                try (Progress.Step step = progress.begin("Reading the files of " + machine)) {
                  return packed(resting, added, wanted.compression(), destination, step);
                }
              });
      destination.complete(wanted.replace());
      return exported;
    } catch (IOException e) {
      throw Failure.of(FailureCode.EXPORT_TARGET, "cannot close the file").causedBy(e);
    }
  }

  private Exported packed(
      RestingMachine resting,
      List<MachineFiles.Added> added,
      Compression compression,
      Destination destination,
      Progress.Step step) {
    Optional<String> program = compression.program();
    try {
      if (program.isEmpty()) {
        return write(resting, added, destination.channel(), step);
      }
      RestingMachine.Program packer =
          resting.start(program.get(), compression.packing(), true, true);
      try (Copy copy = Copy.of(packer::output, destination.channel(), packer::input)) {
        Exported exported;
        try (FileChannel into = copy.input()) {
          exported = write(resting, added, into, step);
        }
        copy.await();
        refuseStatus(packer, program.get(), 0);
        return exported;
      }
    } catch (ClosedByInterruptException e) {
      throw Failure.of(FailureCode.INTERRUPTED, "the export was interrupted").causedBy(e);
    } catch (IOException e) {
      throw destination.failure(e);
    }
  }

  private Exported write(
      RestingMachine resting,
      List<MachineFiles.Added> added,
      FileChannel target,
      Progress.Step step)
      throws IOException {
    BlockOutput output = new BlockOutput(target);
    long members = AddedMembers.write(added, output);
    Regenerated regenerated = new Regenerated(clean(resting));
    RestingMachine.Program tar = resting.start("tar", arguments(), false, true);
    try (FileChannel source = tar.output()) {
      TarInput input = new TarInput(source);
      TarEntry entry;
      try {
        while ((entry = input.next()) != null) {
          if (!regenerated.contains(entry)) {
            input.copyTo(output);
            members++;
            if (members % 1000 == 0) {
              step.update(output.written() / (1024 * 1024) + " MiB");
            }
          }
        }
      } catch (TarInput.DamagedArchive | java.io.EOFException e) {
        refuseStatus(tar, "tar", CHANGED);
        throw e;
      }
      input.drain();
    } catch (IOException | RuntimeException e) {
      tar.end();
      throw e;
    }
    output.write(new byte[2 * TarInput.BLOCK]);
    output.flush();
    refuseStatus(tar, "tar", CHANGED);
    List<String> skipped =
        tar.errors().stream()
            .filter(line -> line.endsWith(": socket ignored"))
            .map(ExportTar::subject)
            .toList();
    return new Exported(members, output.written(), skipped);
  }

  private static List<String> arguments() {
    java.util.ArrayList<String> arguments = new java.util.ArrayList<>();
    arguments.addAll(
        List.of(
            "--create",
            "--directory=/",
            "--format=posix",
            // Times of access and the number of this process would make every archive another.
            "--pax-option=delete=atime,delete=ctime,exthdr.name=%d/PaxHeaders/%f",
            "--sort=name",
            "--sparse",
            "--acls",
            "--xattrs",
            "--xattrs-include=user.*",
            "--xattrs-include=security.capability",
            "--blocking-factor=128",
            "--quoting-style=escape",
            "--anchored",
            "--no-wildcards"));
    Regenerated.trees().forEach(tree -> arguments.add("--exclude=" + tree));
    arguments.add(".");
    return arguments;
  }

  /** NixOS' list of what it wrote to {@code /etc}; empty where there is none yet. */
  private String clean(RestingMachine resting) throws IOException {
    try (InputStream in = containerFiles.read(resting.container(), "/etc/.clean")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (Failure none) {
      if (none.code() == FailureCode.CONTAINER_MISSING) {
        return "";
      }
      throw none;
    }
  }

  private static void refuseStatus(RestingMachine.Program program, String name, int most) {
    int status = program.await();
    if (status > most) {
      List<String> complaints =
          program.errors().stream().filter(line -> !line.endsWith(": socket ignored")).toList();
      throw Failure.of(FailureCode.EXPORT_UNREADABLE, "not all files of the machine could be read")
          .because(
              complaints.isEmpty()
                  ? name + " ended with " + status
                  : String.join(
                      "\n", complaints.subList(0, Math.min(MOST_COMPLAINTS, complaints.size()))));
    }
  }

  /** The name in {@code PROGRAM: NAME: socket ignored}. */
  private static String subject(String line) {
    String rest = line.substring(0, line.length() - ": socket ignored".length());
    int colon = rest.indexOf(": ");
    String name = colon < 0 ? rest : rest.substring(colon + 2);
    return name.startsWith("./") ? name.substring(1) : name;
  }
}
