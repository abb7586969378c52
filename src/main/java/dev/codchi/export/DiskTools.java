package dev.codchi.export;

import dev.codchi.config.Setting;
import dev.codchi.config.Settings;
import dev.codchi.driver.Execution;
import dev.codchi.driver.Executor;
import dev.codchi.driver.HostIdentity;
import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import dev.codchi.files.FullDisk;
import dev.codchi.progress.Progress;
import dev.codchi.store.Nix;
import dev.codchi.store.Store;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Changes disks from one format into another, with a {@code qemu-img} in the store's container. */
@ApplicationScoped
class DiskTools {
  private final Settings settings;
  private final Store store;
  private final Executor executor;
  private final Nix nix;

  DiskTools(Settings settings, Store store, Executor executor, Nix nix) {
    this.settings = settings;
    this.store = store;
    this.executor = executor;
    this.nix = nix;
  }

  /** The package with qemu-img of the nixpkgs that new machines get; a store path. */
  String ofDefaultNixpkgs(Progress progress) {
    String nixpkgs = settings.require(Setting.NIXPKGS);
    return nix.run(
            List.of(
                "build",
                nixpkgs + "#legacyPackages." + Nix.system() + ".qemu-utils",
                "--no-link",
                "--print-out-paths"),
            progress)
        .strip();
  }

  /**
   * Converts a disk.
   *
   * @param qemuImg the store path of the package that has the program
   * @param from the disk as the store sees it
   * @param fromFormat its format as qemu-img calls it
   * @param to where the new one goes, as the store sees it
   * @param options the wanted format and its options, as qemu-img takes them
   * @throws Failure {@code DISK_FULL}, {@code EXPORT_TARGET}
   */
  void convert(String qemuImg, String from, String fromFormat, String to, List<String> options) {
    List<String> command =
        new ArrayList<>(List.of(qemuImg + "/bin/qemu-img", "convert", "-f", fromFormat));
    command.addAll(options);
    command.addAll(List.of(from, to));
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    int status =
        executor.run(
            new Execution(
                store.containerName(),
                command,
                Map.of(),
                HostIdentity.INSIDE_UID,
                HostIdentity.INSIDE_GID,
                "/",
                new Execution.Streams(null, said, said)));
    if (status != 0) {
      String why = said.toString(StandardCharsets.UTF_8).strip();
      throw Failure.of(
              FullDisk.isMeantBy(why) ? FailureCode.DISK_FULL : FailureCode.EXPORT_TARGET,
              "the disk cannot be converted")
          .because(why.isEmpty() ? "qemu-img ended with " + status : why);
    }
  }

  /** What qemu-img calls the format of a file with this name. */
  static String formatOf(String name) {
    String ending = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    return switch (ending) {
      case "qcow2", "vmdk", "vhdx", "vdi" -> ending;
      case "vhd" -> "vpc";
      default -> "raw";
    };
  }
}
