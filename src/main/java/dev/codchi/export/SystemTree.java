package dev.codchi.export;

import dev.codchi.machines.ExportedSystem;
import dev.codchi.machines.RestingMachine;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/**
 * A built system as members of a tar archive: what a container needs besides the machine's own
 * files to start. The store's paths are registered with the new nix at its first start.
 *
 * @param toplevel the system, a store path
 * @param closure all store paths that it needs
 */
record SystemTree(String toplevel, List<ExportedSystem.StorePath> closure) {
  private static final List<String> DIRECTORIES =
      List.of(
          "bin",
          "dev",
          "etc",
          "home",
          "mnt",
          "nix",
          "nix/store",
          "nix/var",
          "nix/var/nix",
          "nix/var/nix/db",
          "nix/var/nix/gcroots",
          "nix/var/nix/profiles",
          "opt",
          "proc",
          "run",
          "sbin",
          "srv",
          "sys",
          "usr",
          "var");

  SystemTree {
    closure = List.copyOf(closure);
  }

  /** What the closure takes, unpacked, in bytes. */
  long size() {
    return closure.stream().mapToLong(ExportedSystem.StorePath::narSize).sum();
  }

  /**
   * Writes everything, without the archive's end.
   *
   * @param prefix what all names get in front, ending in {@code /}
   * @return how many members were written
   */
  @SuppressWarnings("resource") // closing would write the archive's end
  long write(RestingMachine resting, BlockOutput output, String prefix) throws IOException {
    TarArchiveOutputStream tar = new TarArchiveOutputStream(output, "UTF-8");
    tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
    for (String directory : DIRECTORIES) {
      put(tar, new TarArchiveEntry(prefix + directory + "/"), 0755);
    }
    put(tar, new TarArchiveEntry(prefix + "root/"), 0700);
    put(tar, new TarArchiveEntry(prefix + "tmp/"), 01777);
    TarArchiveEntry init = new TarArchiveEntry(prefix + "sbin/init", TarConstants.LF_SYMLINK);
    init.setLinkName(toplevel + "/init");
    put(tar, init, 0777);
    byte[] registration = registration().getBytes(StandardCharsets.UTF_8);
    TarArchiveEntry paths = new TarArchiveEntry(prefix + "nix-path-registration");
    paths.setSize(registration.length);
    paths.setMode(0644);
    paths.setModTime(0L);
    tar.putArchiveEntry(paths);
    tar.write(registration);
    tar.closeArchiveEntry();
    tar.flush();
    return DIRECTORIES.size() + 4L + paths(resting, output, prefix);
  }

  private static void put(TarArchiveOutputStream tar, TarArchiveEntry entry, int mode)
      throws IOException {
    entry.setMode(mode);
    entry.setModTime(0L);
    tar.putArchiveEntry(entry);
    tar.closeArchiveEntry();
  }

  /** What {@code nix-store --load-db} reads. */
  private String registration() {
    StringBuilder text = new StringBuilder();
    for (ExportedSystem.StorePath path : closure) {
      text.append(path.path()).append('\n');
      text.append(path.hexHash()).append('\n').append(path.narSize()).append("\n\n");
      text.append(path.references().size()).append('\n');
      path.references().forEach(reference -> text.append(reference).append('\n'));
    }
    return text.toString();
  }

  private long paths(RestingMachine resting, BlockOutput output, String prefix) throws IOException {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--create",
                "--directory=/",
                "--format=posix",
                "--pax-option=delete=atime,delete=ctime,exthdr.name=%d/PaxHeaders/%f",
                "--sort=name",
                "--owner=root:0",
                "--group=root:0",
                "--hard-dereference",
                "--blocking-factor=128",
                "--transform=flags=rhS;s,^," + prefix + ",",
                "--files-from=-"));
    RestingMachine.Program tar = resting.start("tar", arguments, true, true);
    long members = 0;
    try {
      try (FileChannel names = tar.input()) {
        StringBuilder list = new StringBuilder();
        closure.forEach(path -> list.append(path.path().substring(1)).append('\n'));
        BlockOutput into = new BlockOutput(names);
        into.write(list.toString().getBytes(StandardCharsets.UTF_8));
        into.flush();
      }
      try (FileChannel source = tar.output()) {
        TarInput input = new TarInput(source);
        while (input.next() != null) {
          input.copyTo(output);
          members++;
        }
        input.drain();
      } catch (TarInput.DamagedArchive | java.io.EOFException e) {
        MachineTree.refuseStatus(tar, "tar", 0);
        throw e;
      }
    } catch (IOException | RuntimeException e) {
      tar.end();
      throw e;
    }
    MachineTree.refuseStatus(tar, "tar", 0);
    return members;
  }
}
