package dev.codchi.export;

import java.util.List;
import java.util.Locale;

/** What a machine can be handed over as. */
public enum Format {
  /** The machine's files, for any NixOS; what {@code codchi tar} writes. */
  TAR(Kind.FILES, ".tar.zst", "the machine's files, for any NixOS", List.of()),
  /** The configuration alone, as a directory with a flake. */
  FLAKE(Kind.FLAKE, "-flake", "the configuration, as a directory with a flake", List.of()),
  /** A disk for QEMU, libvirt, Proxmox. */
  QCOW2(Kind.DISK, ".qcow2", "a disk for QEMU, libvirt, Proxmox", disks()),
  /** A disk byte by byte. */
  RAW(Kind.DISK, ".raw", "a disk, byte by byte", disks()),
  /** A disk for VMware. */
  VMDK(Kind.DISK, ".vmdk", "a disk for VMware", disks("vmware")),
  /** A virtual machine for VirtualBox and VMware: description and disk in one archive. */
  OVA(Kind.DISK, ".ova", "a virtual machine for VirtualBox and VMware", disks()),
  /** A disk for Hyper-V. */
  VHDX(Kind.DISK, ".vhdx", "a disk for Hyper-V", disks("hyperv")),
  /** A disc to start from; see decision 10. */
  ISO(Kind.DISC, ".iso", "a disc that forgets at every end; a stick takes raw", List.of()),
  /** A container image for LXD and Incus. */
  LXC(Kind.CONTAINER, "-lxc.tar.gz", "a container image for LXD and Incus", List.of()),
  /** The same by its other name. */
  INCUS(Kind.CONTAINER, "-incus.tar.gz", "the same", List.of()),
  /** A distribution for {@code wsl --import}. */
  WSL(Kind.WSL, "-wsl.tar.gz", "a distribution for 'wsl --import'", List.of()),
  /** A container image for podman, Docker and the like. */
  OCI(Kind.OCI, "-oci.tar", "a container image for podman and Docker", List.of());

  /** How a format is made. */
  enum Kind {
    FILES,
    FLAKE,
    CONTAINER,
    WSL,
    OCI,
    DISK,
    /** Not made, whatever the nixpkgs: {@link ExportSystems#refuseDisc} says why. */
    DISC
  }

  private final Kind kind;
  private final String ending;
  private final String purpose;
  private final List<String> images;

  Format(Kind kind, String ending, String purpose, List<String> images) {
    this.kind = kind;
    this.ending = ending;
    this.purpose = purpose;
    this.images = images;
  }

  /** nixpkgs' images that it can be made from, the best first. */
  private static List<String> disks(String... best) {
    List<String> names = new java.util.ArrayList<>(List.of(best));
    names.addAll(List.of("raw", "qemu", "raw-efi", "qemu-efi"));
    return List.copyOf(names);
  }

  /** What people type. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** What it is for, in a few words. */
  public String purpose() {
    return purpose;
  }

  /** The file's name when none is given. */
  public String fileOf(String machine) {
    return machine + ending;
  }

  /** Whether codchi makes it of machines whose nixpkgs can. */
  public boolean isMade() {
    return kind != Kind.DISC;
  }

  Kind kind() {
    return kind;
  }

  /** nixpkgs' images that it can be made from, the best first; empty where it needs none. */
  List<String> images() {
    return images;
  }

  @Override
  public String toString() {
    return id();
  }
}
