package dev.codchi.export;

import com.fasterxml.jackson.databind.JsonNode;
import dev.codchi.machines.ExportedSystem;
import dev.codchi.machines.MachineAtRest;
import dev.codchi.machines.MachineName;
import dev.codchi.machines.Machines;
import dev.codchi.progress.Progress;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Tells what an export would be, without writing any. */
@ApplicationScoped
public class PlanExport {
  private final Machines machines;
  private final MachineAtRest atRest;
  private final ExportedSystem exportedSystem;
  private final MachineFiles machineFiles;
  private final DiskImages diskImages;
  private final MachineTree machineTree;
  private final ExportSystems systems;

  PlanExport(
      Machines machines,
      MachineAtRest atRest,
      ExportedSystem exportedSystem,
      MachineFiles machineFiles,
      DiskImages diskImages,
      MachineTree machineTree,
      ExportSystems systems) {
    this.machines = machines;
    this.atRest = atRest;
    this.exportedSystem = exportedSystem;
    this.machineFiles = machineFiles;
    this.diskImages = diskImages;
    this.machineTree = machineTree;
    this.systems = systems;
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
    public long seconds(ExportMachine.Wanted wanted) {
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
   * How large an export will be. Nothing is written; the system is built where that tells its size.
   *
   * @throws Failure as {@link ExportMachine#export} does
   */
  public Estimate estimate(MachineName name, ExportMachine.Wanted wanted, Progress progress) {
    systems.refuseDisc(wanted.format());
    MachineName machine = machines.require(name).name();
    long system =
        switch (wanted.format().kind()) {
          case FILES, FLAKE -> 0;
          case DISK -> diskImages.size(machine, wanted.format(), progress);
          default -> {
            SystemTree tree =
                systems.container(machine, wanted.format(), Optional.empty(), progress);
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
