package dev.codchi.export;

import dev.codchi.machines.MachineName;
import dev.codchi.machines.RestingMachine;
import dev.codchi.machines.Workspace;
import dev.codchi.progress.Progress;
import dev.codchi.store.Nix;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Machines as images of containers: a built system and the machine's files in one archive. */
@ApplicationScoped
class ContainerImages {
  /** Where the system's root is in an image of LXD and Incus; its description lies beside it. */
  static final String ROOT = "rootfs/";

  private final MachineTree machineTree;

  ContainerImages(MachineTree machineTree) {
    this.machineTree = machineTree;
  }

  /**
   * What goes into an image.
   *
   * @param machine whose it is
   * @param format one of containers
   * @param system what starts; {@code null} for files alone
   * @param added what codchi adds
   * @param state whether the machine's own files go along
   */
  record Content(
      MachineName machine,
      Format format,
      @Nullable SystemTree system,
      List<MachineFiles.Added> added,
      StatePolicy state) {}

  /** Writes an image. */
  MachineTree.Written write(
      Content content,
      RestingMachine resting,
      Compression compression,
      WritableByteChannel target,
      Workspace workspace,
      Progress.Step step)
      throws IOException {
    return switch (content.format().kind()) {
      case CONTAINER ->
          Packing.into(
              resting,
              compression,
              target,
              output -> {
                AddedMembers.write(List.of(description(content.machine())), output, "");
                return root(content, resting, output, ROOT, step);
              });
      case OCI -> {
        Path layer = workspace.directory().resolve("layer.tar");
        MachineTree.Written written;
        String sum;
        try (FileChannel file =
            FileChannel.open(layer, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
          Measured measured = new Measured(file);
          BlockOutput output = new BlockOutput(measured);
          written = root(content, resting, output, "./", step);
          output.flush();
          sum = measured.sum();
        }
        Packing.into(
            resting,
            compression,
            target,
            output ->
                OciImage.write(
                    layer,
                    sum,
                    Nix.system().startsWith("aarch64") ? "arm64" : "amd64",
                    "codchi/" + content.machine().key() + ":latest",
                    output));
        yield written;
      }
      default ->
          Packing.into(
              resting, compression, target, output -> root(content, resting, output, "./", step));
    };
  }

  private MachineTree.Written root(
      Content content,
      RestingMachine resting,
      BlockOutput output,
      String prefix,
      Progress.Step step)
      throws IOException {
    long members = AddedMembers.write(content.added(), output, prefix);
    SystemTree system = content.system();
    if (system != null) {
      members += system.write(resting, output, prefix);
    }
    List<String> skipped = List.of();
    if (content.state() == StatePolicy.FULL) {
      MachineTree.Written tree =
          machineTree.write(resting, output, prefix.equals("./") ? "" : prefix, step);
      members += tree.members();
      skipped = tree.skipped();
    }
    output.write(new byte[2 * TarInput.BLOCK]);
    return new MachineTree.Written(members, skipped);
  }

  /** What LXD and Incus want to know of an image (doc/image-handling.md of LXD). */
  private static MachineFiles.Added description(MachineName machine) {
    String text =
        """
        architecture: %s
        creation_date: 1
        properties:
          description: The code machine %s
          os: NixOS
        """
            .formatted(Nix.system().replace("-linux", ""), machine);
    return MachineFiles.Added.ofRoot("metadata.yaml", text.getBytes(StandardCharsets.UTF_8));
  }
}
