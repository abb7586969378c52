package dev.codchi.export;

import com.fasterxml.jackson.databind.JsonNode;
import dev.codchi.config.Settings;
import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import dev.codchi.machines.ExportedSystem;
import dev.codchi.machines.MachineName;
import dev.codchi.machines.RestingMachine;
import dev.codchi.machines.Workspace;
import dev.codchi.progress.Progress;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Machines as disks of virtual machines: an image that the machine's own nixpkgs makes, with the
 * machine's files on a partition of their own, which the system unpacks when it starts for the
 * first time.
 */
@ApplicationScoped
class DiskImages {
  private static final long MEBIBYTE = 1L << 20;

  /** Room that a system needs besides its store paths and the machine's files, in MiB. */
  private static final long ROOM = 1024;

  private final Settings settings;
  private final ExportedSystem exportedSystem;
  private final MachineTree machineTree;
  private final DiskTools tools;
  private final BootCheck bootCheck;

  DiskImages(
      Settings settings,
      ExportedSystem exportedSystem,
      MachineTree machineTree,
      DiskTools tools,
      BootCheck bootCheck) {
    this.settings = settings;
    this.exportedSystem = exportedSystem;
    this.machineTree = machineTree;
    this.tools = tools;
    this.bootCheck = bootCheck;
  }

  /**
   * What goes into an image.
   *
   * @param machine whose it is
   * @param format one of disks
   * @param added what codchi adds
   * @param state whether the machine's own files go along
   * @param verify whether it is started to see that it works
   */
  record Content(
      MachineName machine,
      Format format,
      List<MachineFiles.Added> added,
      StatePolicy state,
      boolean verify) {}

  /**
   * What was written.
   *
   * @param image nixpkgs' name of the image that it was made from
   * @param written what went along
   */
  record Made(String image, MachineTree.Written written) {}

  /** Writes a disk. */
  Made write(
      Content content,
      RestingMachine resting,
      FileChannel target,
      Measured measured,
      Workspace workspace,
      Progress progress)
      throws IOException {
    MachineName machine = content.machine();
    String image = choose(machine, content.format(), progress);
    long state = content.state() == StatePolicy.FULL ? machineTree.size(resting) : 0;
    long system = system(machine, image, progress);
    long room = (system + system / 8 + state + state / 8) / MEBIBYTE + ROOM;
    JsonNode wanted = evaluate(machine, image, String.valueOf(room), progress);
    String built =
        exportedSystem.build(
            wanted.path("derivation").asText(),
            Optional.of(workspace.inStore() + "/image"),
            progress);
    String qemuImg =
        exportedSystem.build(
            exportedSystem.evaluate(machine, "exports: exports.qemuImg", progress).asText(),
            Optional.of(workspace.inStore() + "/qemu-img"),
            progress);
    String base = built + "/" + fileIn(built, wanted.path("filePath").asText(""));
    try (Progress.Step _ = progress.begin("Copying the image of nixpkgs")) {
      tools.convert(
          qemuImg,
          base,
          DiskTools.formatOf(base),
          workspace.inStore() + "/disk.raw",
          List.of("-O", "raw"));
    }
    Path disk = workspace.directory().resolve("disk.raw");
    MachineTree.Written written = fill(content, resting, disk, progress);
    Path finished = convert(content.format(), qemuImg, workspace, progress);
    if (content.verify()) {
      bootCheck.check(finished, gpt(disk), machine, progress);
    }
    try (Progress.Step _ = progress.begin("Writing the export")) {
      if (content.format() == Format.OVA) {
        BlockOutput output = new BlockOutput(measured);
        Ova.write(finished, Files.size(disk), machine.value(), output);
        output.flush();
      } else {
        SparseCopy.copy(finished, measured, target);
      }
    }
    return new Made(image, written);
  }

  /** What the system in an image takes, in bytes. */
  long size(MachineName machine, Format format, Progress progress) {
    return system(machine, choose(machine, format, progress), progress);
  }

  private long system(MachineName machine, String image, Progress progress) {
    String toplevel =
        exportedSystem.build(
            evaluate(machine, image, "null", progress).path("toplevel").asText(),
            Optional.empty(),
            progress);
    return exportedSystem.closure(toplevel, progress).stream()
        .mapToLong(ExportedSystem.StorePath::narSize)
        .sum();
  }

  private JsonNode evaluate(MachineName machine, String image, String size, Progress progress) {
    return exportedSystem.evaluate(
        machine,
        "exports: exports.image { name = \"%s\"; diskSize = %s; }".formatted(image, size),
        progress);
  }

  private String choose(MachineName machine, Format format, Progress progress) {
    JsonNode found =
        exportedSystem.evaluate(
            machine, "exports: { inherit (exports) images release; }", progress);
    List<String> names = new ArrayList<>();
    found.path("images").forEach(name -> names.add(name.asText()));
    return format.images().stream()
        .filter(names::contains)
        .findFirst()
        .orElseThrow(() ->
            ExportSystems.unavailable(
                format,
                names.isEmpty()
                    ? "its nixpkgs (%s) makes no images".formatted(found.path("release").asText())
                    : "its nixpkgs (%s) makes only the images %s"
                        .formatted(found.path("release").asText(), String.join(", ", names))));
  }

  /** The image's file in what was built; nixpkgs before 25.05 does not say its name. */
  private String fileIn(String built, String named) throws IOException {
    if (!named.isEmpty()) {
      return named;
    }
    Path directory = onHost(built);
    try (DirectoryStream<Path> files =
        Files.newDirectoryStream(directory, "*.{raw,img,qcow2,vmdk,vhdx,vhd}")) {
      for (Path file : files) {
        return file.getFileName().toString();
      }
    }
    throw new IOException("nixpkgs made no disk in " + built);
  }

  private Path onHost(String storePath) {
    return settings.directories().nix().resolve(storePath.substring("/nix/".length()));
  }

  private MachineTree.Written fill(
      Content content, RestingMachine resting, Path disk, Progress progress) throws IOException {
    try (Progress.Step step = progress.begin("Adding the files of " + content.machine());
        FileChannel channel =
            FileChannel.open(disk, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      return StatePartition.append(
          channel,
          output -> {
            long members = AddedMembers.write(content.added(), output, "./");
            List<String> skipped = List.of();
            if (content.state() == StatePolicy.FULL) {
              MachineTree.Written tree = machineTree.write(resting, output, "", step);
              members += tree.members();
              skipped = tree.skipped();
            }
            output.write(new byte[2 * TarInput.BLOCK]);
            return new MachineTree.Written(members, skipped);
          });
    }
  }

  private Path convert(Format format, String qemuImg, Workspace workspace, Progress progress) {
    List<String> options =
        switch (format) {
          case RAW -> List.of();
          case QCOW2 -> List.of("-O", "qcow2");
          case VMDK -> List.of("-O", "vmdk");
          // What OVF wants (DSP0243, and VMware's format specification).
          case OVA -> List.of("-O", "vmdk", "-o", "subformat=streamOptimized");
          case VHDX -> List.of("-O", "vhdx", "-o", "subformat=dynamic");
          default -> throw Failure.of(FailureCode.FORMAT_UNAVAILABLE, format + " is no disk");
        };
    if (options.isEmpty()) {
      return workspace.directory().resolve("disk.raw");
    }
    String name = "disk." + options.get(1);
    try (Progress.Step _ = progress.begin("Converting the disk to " + format)) {
      tools.convert(
          qemuImg,
          workspace.inStore() + "/disk.raw",
          "raw",
          workspace.inStore() + "/" + name,
          options);
    }
    return workspace.directory().resolve(name);
  }

  private static boolean gpt(Path disk) throws IOException {
    try (FileChannel channel = FileChannel.open(disk)) {
      return PartitionTable.isGpt(channel);
    }
  }
}
