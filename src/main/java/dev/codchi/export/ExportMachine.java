package dev.codchi.export;

import com.fasterxml.jackson.databind.JsonNode;
import dev.codchi.config.Settings;
import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import dev.codchi.machines.ExportedSystem;
import dev.codchi.machines.Generations;
import dev.codchi.machines.MachineAtRest;
import dev.codchi.machines.MachineName;
import dev.codchi.machines.Machines;
import dev.codchi.progress.Progress;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

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
  private final MachineTree machineTree;

  ExportMachine(
      Settings settings,
      Machines machines,
      Generations generations,
      MachineAtRest atRest,
      ExportedSystem exportedSystem,
      MachineFiles machineFiles,
      ContainerImages containerImages,
      DiskImages diskImages,
      MachineTree machineTree) {
    this.settings = settings;
    this.machines = machines;
    this.generations = generations;
    this.atRest = atRest;
    this.exportedSystem = exportedSystem;
    this.machineFiles = machineFiles;
    this.containerImages = containerImages;
    this.diskImages = diskImages;
    this.machineTree = machineTree;
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
   * How large an export will be about, before it is packed.
   *
   * @param system bytes of the built system that goes along
   * @param state bytes of the machine's files
   */
  public record Estimate(long system, long state) {
    /**
     * What reading and writing come to on a computer of 2020, and packing with it, in bytes a
     * second.
     */
    private static final long PLAIN = 250L << 20;

    private static final long GZIP = 30L << 20;
    private static final long XZ = 10L << 20;

    /** About how long it takes, without what nix still has to build. A guess, rounded up. */
    public long seconds(Wanted wanted) {
      Compression compression = Compression.ofName(wanted.file().getFileName().toString());
      long rate =
          switch (compression) {
            case NONE, ZSTD -> PLAIN;
            case GZIP -> GZIP;
            case XZ -> XZ;
          };
      return (system + state) / rate + 1;
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
    refuseDisc(wanted.format());
    if (wanted.verify() && wanted.format().kind() != Format.Kind.DISK) {
      throw Failure.of(FailureCode.BAD_USAGE, "only disks can be started to verify them")
          .next("Leave out --verify, or choose one of qcow2, raw, vmdk, ova, vhdx.");
    }
    if (wanted.format() == Format.FLAKE) {
      return flake(machine, wanted);
    }
    Path home = settings.directories().home(machine.value());
    try (Destination destination = Destination.file(wanted.file(), home, wanted.replace());
        Workspace workspace = Workspace.of(settings.directories(), machine.value())) {
      Measured measured = new Measured(destination.channel());
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
    SystemTree system = system(machine, wanted.format(), Optional.of(workspace), progress);
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

  /** The system that a container starts; {@code null} where none goes along. */
  private @Nullable SystemTree system(
      MachineName machine, Format format, Optional<Workspace> workspace, Progress progress) {
    String attribute =
        switch (format.kind()) {
          case CONTAINER -> "container";
          case OCI -> "oci";
          case WSL -> "wsl";
          default -> "";
        };
    if (attribute.isEmpty()) {
      return null;
    }
    JsonNode found = exportedSystem.evaluate(machine, "exports: exports." + attribute, progress);
    if (found.isNull()) {
      throw unavailable(format, "the nixpkgs of " + machine + " has no module for such containers");
    }
    String toplevel =
        exportedSystem.build(
            found.path("toplevel").asText(),
            workspace.map(space -> space.inStore() + "/system"),
            progress);
    return new SystemTree(toplevel, exportedSystem.closure(toplevel, progress));
  }

  private static void refuseDisc(Format format) {
    if (format.kind() == Format.Kind.DISC) {
      throw unavailable(format, "codchi cannot put a machine's files on a disc yet")
          .next("Choose qcow2 or raw for a virtual machine or a stick.");
    }
  }

  /** Why a format is not to be had, with what is. */
  static Failure unavailable(Format format, String why) {
    return Failure.of(FailureCode.FORMAT_UNAVAILABLE, "the machine cannot be exported as " + format)
        .because(why);
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

  /**
   * How large an export will be. Nothing is written; the system is built where that tells its size.
   *
   * @throws Failure as {@link #export} does
   */
  public Estimate estimate(MachineName name, Wanted wanted, Progress progress) {
    refuseDisc(wanted.format());
    MachineName machine = machines.require(name).name();
    long system =
        switch (wanted.format().kind()) {
          case FILES, FLAKE -> 0;
          case DISK -> diskImages.size(machine, wanted.format(), progress);
          default -> {
            SystemTree tree = system(machine, wanted.format(), Optional.empty(), progress);
            yield tree == null ? 0 : tree.size();
          }
        };
    long added =
        machineFiles.configuration(machine).stream().mapToLong(file -> file.content().length).sum();
    if (wanted.state() == StatePolicy.NONE || wanted.format() == Format.FLAKE) {
      return new Estimate(system, added);
    }
    long state =
        atRest.work(machine, "export " + machine, wanted.stop(), progress, machineTree::size);
    return new Estimate(system, state + added);
  }

  /**
   * Which formats the machine's nixpkgs can make.
   *
   * @throws Failure {@code NIX_*}, {@code NO_SUCH_MACHINE}
   */
  public List<Format> available(MachineName name, Progress progress) {
    MachineName machine = machines.require(name).name();
    JsonNode found =
        exportedSystem.evaluate(
            machine,
            "exports: { inherit (exports) images; container = exports.container != null; }",
            progress);
    List<String> images = new ArrayList<>();
    found.path("images").forEach(image -> images.add(image.asText()));
    return java.util.Arrays.stream(Format.values())
        .filter(format ->
            switch (format.kind()) {
              case FILES, FLAKE, OCI, WSL -> true;
              case CONTAINER -> found.path("container").asBoolean();
              case DISC -> false;
              case DISK -> format.images().stream().anyMatch(images::contains);
            })
        .toList();
  }
}
