package dev.codchi.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.codchi.failure.Failure;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.Test;

/**
 * Two hundred archives that must not be imported. The check is the only thing that sees them:
 * whatever is refused has written nothing anywhere.
 */
class HostileArchivesTest {
  private static final long ROOM = 1L << 30;

  @Test
  void two_hundred_hostile_archives_are_refused() throws IOException {
    List<byte[]> hostile = new ArrayList<>();
    for (String way : List.of("", "./", "home/", "home/codchi/", "a/b/c/", "./././", "etc/")) {
      for (String out : List.of("..", "../x", "../../etc/passwd", "x/../../y", "./..", "x/y/..")) {
        hostile.add(one(way + out, TarConstants.LF_NORMAL, ""));
        hostile.add(one(way + "link", TarConstants.LF_LINK, way + out));
      }
    }
    for (String absolute : List.of("/x", "//x", "/etc/passwd", "/home/codchi/x", "/nix/store/x")) {
      for (byte type :
          List.of(TarConstants.LF_NORMAL, TarConstants.LF_DIR, TarConstants.LF_SYMLINK)) {
        hostile.add(one(absolute, type, "x"));
      }
      hostile.add(one("link", TarConstants.LF_LINK, absolute));
    }
    for (int device = 1; device <= 20; device++) {
      hostile.add(device("dev" + device, TarConstants.LF_BLK, 8, device));
      hostile.add(device("dev" + device, TarConstants.LF_CHR, 1, device));
    }
    for (String target :
        List.of("/", "/etc", "..", "../..", "/proc/self/root", ".", "/home/codchi")) {
      hostile.add(through("out", target, "out/file"));
      hostile.add(through("home/out", target, "./home/out/deep/file"));
      hostile.add(through("out", target, "out"));
    }
    for (char type : "789ABDMNVXYZz!".toCharArray()) {
      if (type != '7') {
        byte[] archive = TarInputTest.archive("x");
        archive[156] = (byte) type;
        TarHeaders.seal(archive, 0);
        hostile.add(archive);
      }
    }
    byte[] good = TarInputTest.archive("one", "y".repeat(300), "three");
    for (int length = 0; length < 4096 + 512; length += 300) {
      hostile.add(Arrays.copyOf(good, length));
    }
    for (int at : List.of(0, 100, 124, 148, 150, 156, 257)) {
      byte[] damaged = good.clone();
      damaged[at] ^= 0x15;
      hostile.add(damaged);
    }
    for (String size :
        List.of(
            "77777777777 ",
            "\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff",
            "abcdefghijk ",
            "-0000000001 ")) {
      for (int at : List.of(0, 1024)) {
        byte[] archive = good.clone();
        byte[] digits = size.getBytes(StandardCharsets.ISO_8859_1);
        System.arraycopy(digits, 0, archive, at + 124, digits.length);
        TarHeaders.seal(archive, at);
        hostile.add(archive);
      }
    }
    for (String record :
        List.of(
            "99999999999 path=x\n",
            "5 a=b\n",
            "path=x\n",
            "9 path=/e\n",
            "11 path=../x\n",
            "12 path=a/..\n",
            "22 size=-99999999999999\n",
            "27 size=9223372036854775807\n",
            "32 GNU.sparse.realsize=99999999999999999\n")) {
      hostile.add(extended(record));
    }

    assertThat(hostile).hasSizeGreaterThanOrEqualTo(200);
    for (int i = 0; i < hostile.size(); i++) {
      byte[] archive = hostile.get(i);
      assertThatThrownBy(() -> read(archive)).as("archive %d", i).isInstanceOf(Failure.class);
    }
  }

  @Test
  void an_archive_that_outgrows_the_disk_or_its_own_size_is_refused() {
    ArchiveRules full = new ArchiveRules(1 << 20, 1 << 20);
    assertThatThrownBy(() -> full.check(file("big", 2 << 20))).isInstanceOf(Failure.class);
    ArchiveRules bomb = new ArchiveRules(1000, Long.MAX_VALUE);
    assertThatThrownBy(() -> bomb.check(file("big", 2L << 30))).isInstanceOf(Failure.class);
  }

  @Test
  void honest_archives_pass() throws IOException {
    assertThat(read(TarInputTest.archive("./one", "home/codchi/..x", "a..b/c")).members())
        .isEqualTo(3);
    assertThat(read(device("gone", TarConstants.LF_CHR, 0, 0)).members()).isEqualTo(1);
    assertThat(read(one("link", TarConstants.LF_SYMLINK, "../../anywhere")).members()).isEqualTo(1);
  }

  private static TarEntry file(String name, long size) {
    return new TarEntry(name, TarEntry.FILE, "", size, size, 0);
  }

  private static MachineArchive read(byte[] archive) throws IOException {
    return MachineArchive.read(
        Channels.newChannel(new ByteArrayInputStream(archive)),
        new ArchiveRules(archive.length, ROOM));
  }

  private static byte[] one(String name, byte type, String link) throws IOException {
    return archive(entry(name, type, link));
  }

  private static byte[] through(String link, String target, String file) throws IOException {
    return archive(
        entry(link, TarConstants.LF_SYMLINK, target), entry(file, TarConstants.LF_NORMAL, ""));
  }

  private static byte[] device(String name, byte type, int major, int minor) throws IOException {
    TarArchiveEntry entry = entry(name, type, "");
    entry.setDevMajor(major);
    entry.setDevMinor(minor);
    return archive(entry);
  }

  private static TarArchiveEntry entry(String name, byte type, String link) {
    TarArchiveEntry entry = new TarArchiveEntry(name, type, true);
    entry.setLinkName(link);
    return entry;
  }

  private static byte[] archive(TarArchiveEntry... entries) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
      for (TarArchiveEntry entry : entries) {
        tar.putArchiveEntry(entry);
        tar.closeArchiveEntry();
      }
    }
    return bytes.toByteArray();
  }

  /** A member with one extended header of any content. */
  private static byte[] extended(String record) throws IOException {
    byte[] content = record.getBytes(StandardCharsets.ISO_8859_1);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    byte[] head = Arrays.copyOf(TarInputTest.archive("x"), 1024);
    Arrays.fill(head, 512, 1024, (byte) 0);
    head[156] = 'x';
    byte[] size = "%011o ".formatted(content.length).getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(size, 0, head, 124, size.length);
    System.arraycopy(content, 0, head, 512, content.length);
    TarHeaders.seal(head, 0);
    bytes.writeBytes(head);
    bytes.writeBytes(TarInputTest.archive("x"));
    return bytes.toByteArray();
  }
}
