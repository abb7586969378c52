package dev.codchi.export;

import dev.codchi.config.Settings;
import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import dev.codchi.machines.ExportedSystem;
import dev.codchi.machines.Generations;
import dev.codchi.machines.MachineAtRest;
import dev.codchi.machines.MachineName;
import dev.codchi.machines.Machines;
import dev.codchi.machines.Workspace;
import dev.codchi.progress.Progress;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Hands a machine over as something that runs without codchi, with a manifest beside it. The file
 * has its name only when it is complete.
 */
@ApplicationScoped
public class ExportMachine {
  private final Settings settings;
  private final Machines machines;
  private final Generations generations;
  private final MachineAtRest atRest;
  private final ExportedSystem exportedSystem;
  private final MachineFiles machineFiles;
  private final ContainerImages containerImages;
  private final DiskImages diskImages;
  private final ExportSystems systems;

  ExportMachine(
      Settings settings,
      Machines machines,
      Generations generations,
      MachineAtRest atRest,
      ExportedSystem exportedSystem,
      MachineFiles machineFiles,
      ContainerImages containerImages,
      DiskImages diskImages,
      ExportSystems systems) {
    this.settings = settings;
    this.machines = machines;
    this.generations = generations;
    this.atRest = atRest;
    this.exportedSystem = exportedSystem;
    this.machineFiles = machineFiles;
    this.containerImages = containerImages;
    this.diskImages = diskImages;
    this.systems = systems;
  }

  /**
   * What is wanted.
   *
   * @param format what the machine becomes
   * @param file where it goes
   * @param state whether the machine's files go along
   * @param secrets whether its secrets go along
   * @param replace whether a file that exists is replaced
   * @param stop whether a running machine is stopped meanwhile
   * @param verify whether a disk is started, to see that it works, before it gets its name
   * @param codchi the version that is written into the manifest
   */
  public record Wanted(
      Format format,
      Path file,
      StatePolicy state,
      SecretsPolicy secrets,
      boolean replace,
      boolean stop,
      boolean verify,
      String codchi) {}

  /**
   * What was written.
   *
   * @param manifest what it is; its files are the export's
   * @param manifestFile where that stands
   * @param skipped what no archive can hold: sockets
   */
  public record Exported(Manifest manifest, Path manifestFile, List<String> skipped) {
    public Exported {
      skipped = List.copyOf(skipped);
    }
  }

  /**
   * Exports a machine.
   *
   * @throws Failure {@code FORMAT_UNAVAILABLE} when the machine's nixpkgs cannot make the format;
   *     {@code MACHINE_RUNNING}, {@code EXPORT_TARGET}, {@code EXPORT_EXISTS}, {@code
   *     EXPORT_UNREADABLE}, {@code DISK_FULL}, {@code NIX_*}
   */
  public Exported export(MachineName name, Wanted wanted, Progress progress) {
    MachineName machine = machines.require(name).name();
    if (wanted.state() == StatePolicy.NONE && wanted.secrets() == SecretsPolicy.INCLUDE) {
      throw Failure.of(FailureCode.BAD_USAGE, "secrets go along with the machine's files only")
          .next("Leave out --secrets, or --state none.");
    }
    systems.refuseDisc(wanted.format());
    if (wanted.verify() && wanted.format().kind() != Format.Kind.DISK) {
      throw Failure.of(FailureCode.BAD_USAGE, "only disks can be started to verify them")
          .next("Leave out --verify, or choose one of qcow2, raw, vmdk, ova, vhdx.");
    }
    if (wanted.format() == Format.FLAKE) {
      return flake(machine, wanted);
    }
    Path home = settings.directories().home(machine.value());
    try (Destination destination = Destination.file(wanted.file(), home, wanted.replace());
        Workspace workspace = Workspace.of(settings.directories())) {
      Measured measured = new Measured(destination.bytes());
      Made made =
          wanted.format().kind() == Format.Kind.DISK
              ? disk(machine, wanted, destination, measured, workspace, progress)
              : container(machine, wanted, destination, measured, workspace, progress);
      Manifest manifest =
          manifest(
              machine,
              wanted,
              made.image(),
              List.of(
                  new Manifest.File(
                      wanted.file().getFileName().toString(), measured.size(), measured.sum())));
      destination.complete(wanted.replace());
      Path file = wanted.file().toAbsolutePath();
      manifest.write(file);
      return new Exported(manifest, Manifest.of(file), made.skipped());
    } catch (IOException e) {
      throw Failure.of(FailureCode.EXPORT_TARGET, "cannot clear up after the export").causedBy(e);
    }
  }

  private record Made(String image, List<String> skipped) {}

  private Made container(
      MachineName machine,
      Wanted wanted,
      Destination destination,
      Measured target,
      Workspace workspace,
      Progress progress) {
    SystemTree system =
        systems.container(machine, wanted.format(), Optional.of(workspace), progress);
    List<MachineFiles.Added> added = new ArrayList<>(machineFiles.of(machine, wanted.secrets()));
    ContainerImages.Content content =
        new ContainerImages.Content(machine, wanted.format(), system, added, wanted.state());
    return atRest.work(
        machine,
        "export " + machine,
        wanted.stop(),
        progress,
        resting -> {
          try (Progress.Step step = progress.begin("Writing " + wanted.file())) {
            Compression compression = Compression.ofName(wanted.file().getFileName().toString());
            MachineTree.Written written =
                containerImages.write(content, resting, compression, target, workspace, step);
            destination.settle();
            return new Made("", written.skipped());
          } catch (ClosedByInterruptException e) {
            throw Failure.of(FailureCode.INTERRUPTED, "the export was interrupted").causedBy(e);
          } catch (IOException e) {
            throw destination.failure(e);
          }
        });
  }

  private Made disk(
      MachineName machine,
      Wanted wanted,
      Destination destination,
      Measured target,
      Workspace workspace,
      Progress progress) {
    DiskImages.Content content =
        new DiskImages.Content(
            machine,
            wanted.format(),
            machineFiles.of(machine, wanted.secrets()),
            wanted.state(),
            wanted.verify());
    return atRest.work(
        machine,
        "export " + machine,
        wanted.stop(),
        progress,
        resting -> {
          try {
            DiskImages.Made made =
                diskImages.write(
                    content, resting, destination.channel(), target, workspace, progress);
            return new Made(made.image(), made.written().skipped());
          } catch (ClosedByInterruptException e) {
            throw Failure.of(FailureCode.INTERRUPTED, "the export was interrupted").causedBy(e);
          } catch (IOException e) {
            throw destination.failure(e);
          }
        });
  }

  private Exported flake(MachineName machine, Wanted wanted) {
    FlakeDirectory directory = FlakeDirectory.at(wanted.file(), wanted.replace());
    List<Manifest.File> files = directory.write(machineFiles.configuration(machine));
    Manifest manifest = manifest(machine, wanted, "", files);
    manifest.write(directory.path());
    return new Exported(manifest, Manifest.of(directory.path()), List.of());
  }

  private Manifest manifest(
      MachineName machine, Wanted wanted, String image, List<Manifest.File> files) {
    boolean stateful = wanted.state() == StatePolicy.FULL && wanted.format() != Format.FLAKE;
    return new Manifest(
        wanted.format().id(),
        machine.value(),
        generations.currentNumber(machine).orElse(0),
        exportedSystem.nixpkgsRevision(machine).orElse(""),
        image,
        wanted.codchi(),
        stateful,
        stateful && wanted.secrets() == SecretsPolicy.INCLUDE,
        files);
  }
}
