package dev.codchi.export;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/** Writes what codchi adds to an archive, before what GNU tar wrote. */
final class AddedMembers {
  private static final int USER = 1000;
  private static final int USERS = 100;

  private AddedMembers() {}

  /**
   * Writes files and their directories, without the archive's end. Always the same bytes for the
   * same files: their time is the beginning of 1970, as in the nix store.
   *
   * @param prefix what all names get in front, ending in {@code /}
   * @return how many members were written
   */
  @SuppressWarnings("resource") // closing would write the archive's end
  static long write(List<MachineFiles.Added> files, BlockOutput output, String prefix)
      throws IOException {
    TarArchiveOutputStream tar = new TarArchiveOutputStream(output, "UTF-8");
    tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
    Set<String> directories = new TreeSet<>();
    for (MachineFiles.Added file : files) {
      for (int i = file.path().indexOf('/'); i >= 0; i = file.path().indexOf('/', i + 1)) {
        String directory = file.path().substring(0, i);
        if (!directory.equals("etc") && directories.add(directory)) {
          put(tar, new TarArchiveEntry(prefix + directory + "/"), "root", "root", 0755);
          tar.closeArchiveEntry();
        }
      }
      TarArchiveEntry entry = new TarArchiveEntry(prefix + file.path());
      entry.setSize(file.content().length);
      put(tar, entry, file.user(), file.group(), file.mode());
      tar.write(file.content());
      tar.closeArchiveEntry();
      Arrays.fill(file.content(), (byte) 0);
    }
    tar.flush();
    return files.size() + (long) directories.size();
  }

  private static void put(
      TarArchiveOutputStream tar, TarArchiveEntry entry, String user, String group, int mode)
      throws IOException {
    entry.setMode(mode);
    entry.setUserName(user);
    entry.setGroupName(group);
    entry.setUserId(user.equals("codchi") ? USER : 0);
    entry.setGroupId(group.equals("users") ? USERS : 0);
    entry.setModTime(0L);
    tar.putArchiveEntry(entry);
  }
}
