package dev.codchi.export;

import dev.codchi.config.Settings;
import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import dev.codchi.machines.MachineAtRest;
import dev.codchi.machines.MachineName;
import dev.codchi.machines.Machines;
import dev.codchi.machines.RestingMachine;
import dev.codchi.progress.Progress;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes all files of a machine to a tar archive that makes any NixOS what the machine was. One
 * pass, no copy, constant memory: GNU tar reads the files inside the machine's own container, and
 * what NixOS makes anew is taken out of the stream.
 */
@ApplicationScoped
public class ExportTar {
  private final Settings settings;
  private final Machines machines;
  private final MachineAtRest atRest;
  private final MachineFiles machineFiles;
  private final MachineTree machineTree;

  ExportTar(
      Settings settings,
      Machines machines,
      MachineAtRest atRest,
      MachineFiles machineFiles,
      MachineTree machineTree) {
    this.settings = settings;
    this.machines = machines;
    this.atRest = atRest;
    this.machineFiles = machineFiles;
    this.machineTree = machineTree;
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
    try {
      Exported exported =
          Packing.into(
              resting,
              compression,
              destination.bytes(),
              output -> write(resting, added, output, step));
      // The container stops meanwhile.
      destination.settle();
      return exported;
    } catch (ClosedByInterruptException e) {
      throw Failure.of(FailureCode.INTERRUPTED, "the export was interrupted").causedBy(e);
    } catch (IOException e) {
      throw destination.failure(e);
    }
  }

  private Exported write(
      RestingMachine resting,
      List<MachineFiles.Added> added,
      BlockOutput output,
      Progress.Step step)
      throws IOException {
    long members = AddedMembers.write(added, output, "./");
    MachineTree.Written tree = machineTree.write(resting, output, "", step);
    output.write(new byte[2 * TarInput.BLOCK]);
    return new Exported(members + tree.members(), output.written(), tree.skipped());
  }
}
