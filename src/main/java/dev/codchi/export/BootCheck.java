package dev.codchi.export;

import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import dev.codchi.machines.MachineName;
import dev.codchi.process.HostProgram;
import dev.codchi.progress.Progress;
import dev.codchi.store.Nix;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Starts a disk in QEMU without a screen, and waits until its system says that it has started. */
@ApplicationScoped
class BootCheck {
  private static final String QEMU = "qemu-system-x86_64";

  /** Software emulation on a busy computer is slow: an idle one takes about a minute. */
  private static final Duration LIMIT = Duration.ofMinutes(15);

  /** A processor that cannot virtualize after all says nothing, for ever. */
  private static final Duration SILENCE = Duration.ofSeconds(60);

  /** Where distributions have the UEFI firmware (Debian's and Ubuntu's ovmf, Fedora's, Arch's). */
  private static final List<Path> FIRMWARE =
      List.of(
          Path.of("/usr/share/ovmf/OVMF.fd"),
          Path.of("/usr/share/OVMF/OVMF.fd"),
          Path.of("/usr/share/edk2/ovmf/OVMF.fd"),
          Path.of("/usr/share/edk2/x64/OVMF.4m.fd"));

  BootCheck() {}

  /**
   * Starts a disk. It is not changed.
   *
   * @param uefi whether it needs UEFI
   * @throws Failure {@code NO_QEMU}, {@code EXPORT_UNVERIFIED} with the end of its console
   */
  void check(Path disk, boolean uefi, MachineName machine, Progress progress) {
    if (!Nix.system().startsWith("x86_64") || !onSearchPath()) {
      throw Failure.of(FailureCode.NO_QEMU, "there is no " + QEMU + " to verify the image with");
    }
    Optional<Path> firmware =
        uefi ? FIRMWARE.stream().filter(Files::isReadable).findFirst() : Optional.empty();
    if (uefi && firmware.isEmpty()) {
      throw Failure.of(FailureCode.NO_QEMU, "there is no UEFI firmware to verify the image with")
          .because("it starts by UEFI");
    }
    String marker = "codchi: the machine " + machine.value() + " is ready";
    try (Progress.Step step = progress.begin("Starting the image in QEMU")) {
      HostProgram.Watched watched = null;
      if (Files.isWritable(Path.of("/dev/kvm"))) {
        watched = HostProgram.until(command(disk, firmware, "kvm"), marker, LIMIT, SILENCE);
      }
      if (watched == null || watched.silent()) {
        step.update("with software emulation, which is slow");
        watched =
            HostProgram.until(command(disk, firmware, "tcg,thread=multi"), marker, LIMIT, LIMIT);
      }
      if (!watched.seen()) {
        throw Failure.of(FailureCode.EXPORT_UNVERIFIED, "the image did not start")
            .because("its console ended with:\n" + readable(watched.end()));
      }
    }
  }

  private static List<String> command(Path disk, Optional<Path> firmware, String accelerator) {
    List<String> command = new ArrayList<>(List.of(QEMU, "-machine", "q35", "-cpu", "max"));
    command.addAll(List.of("-accel", accelerator, "-smp", "2", "-m", "1024"));
    firmware.ifPresent(file -> command.addAll(List.of("-bios", file.toString())));
    String name = disk.getFileName().toString();
    // A comma in a value is written twice.
    String file = disk.toString().replace(",", ",,");
    command.addAll(
        List.of(
            "-drive",
            "file=%s,format=%s,if=virtio,snapshot=on".formatted(file, DiskTools.formatOf(name))));
    command.addAll(List.of("-no-reboot", "-display", "none", "-serial", "stdio"));
    command.addAll(List.of("-monitor", "none", "-nic", "none"));
    return command;
  }

  private static boolean onSearchPath() {
    String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
    return List.of(path.split(File.pathSeparator, -1)).stream()
        .anyMatch(directory -> Files.isExecutable(Path.of(directory).resolve(QEMU)));
  }

  /** Without what moves a terminal's cursor or colours it. */
  private static String readable(String console) {
    return console
        .replaceAll("\u001b\\[[0-9;?!]*[a-zA-Z]", "")
        .replaceAll("[^\\x20-\\x7e\\n]", "")
        .strip();
  }
}
