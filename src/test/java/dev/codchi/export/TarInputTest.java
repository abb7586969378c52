package dev.codchi.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
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

class TarInputTest {
  private static final byte[] CONTENT = "content".getBytes(StandardCharsets.UTF_8);

  @Test
  void members_are_told_and_copied_as_they_are() throws IOException {
    byte[] archive = archive("short", "x".repeat(150) + "/" + "y".repeat(200), "ümlaut");
    ByteArrayOutputStream copied = new ByteArrayOutputStream();
    BlockOutput output = new BlockOutput(Channels.newChannel(copied));
    TarInput input = input(archive);
    List<String> names = new ArrayList<>();
    TarEntry entry;
    while ((entry = input.next()) != null) {
      names.add(
          new String(entry.name().getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8));
      assertThat(entry.stored()).isEqualTo(CONTENT.length);
      input.copyTo(output);
    }
    output.flush();
    assertThat(names).containsExactly("short", "x".repeat(150) + "/" + "y".repeat(200), "ümlaut");
    assertThat(copied.toByteArray()).isEqualTo(Arrays.copyOf(archive, copied.size()));
  }

  @Test
  void content_that_nobody_reads_is_skipped() throws IOException {
    TarInput input = input(archive("one", "two"));
    assertThat(input.next()).extracting(TarEntry::path).isEqualTo("one");
    assertThat(input.next()).extracting(TarEntry::path).isEqualTo("two");
    assertThat(input.content(new TarEntry("two", '0', "", CONTENT.length, 0, 0), 100))
        .isEqualTo(CONTENT);
    assertThat(input.next()).isNull();
  }

  @Test
  void links_and_devices_are_told() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
      TarArchiveEntry link = new TarArchiveEntry("link", TarConstants.LF_SYMLINK);
      link.setLinkName("../../etc/passwd");
      tar.putArchiveEntry(link);
      tar.closeArchiveEntry();
      TarArchiveEntry device = new TarArchiveEntry("disk", TarConstants.LF_BLK);
      device.setDevMajor(8);
      device.setDevMinor(1);
      tar.putArchiveEntry(device);
      tar.closeArchiveEntry();
    }
    TarInput input = input(bytes.toByteArray());
    assertThat(input.next())
        .isEqualTo(new TarEntry("link", TarEntry.SYMBOLIC_LINK, "../../etc/passwd", 0, 0, 0));
    assertThat(input.next())
        .isEqualTo(new TarEntry("disk", TarEntry.BLOCK_DEVICE, "", 0, 0, 8L << 32 | 1));
  }

  @Test
  void what_is_cut_off_is_noticed_wherever_it_is_cut() throws IOException {
    byte[] archive = archive("one", "y".repeat(300), "three");
    // The archive's end is 1024 zero bytes, and commons-compress fills a record of 10240.
    for (int length = 1; length < 4096 + 512; length += 97) {
      TarInput input = input(Arrays.copyOf(archive, length));
      assertThatThrownBy(
              () -> {
                while (input.next() != null) {}
              })
          .isInstanceOf(EOFException.class);
    }
  }

  @Test
  void a_header_that_claims_gigabytes_allocates_nothing() throws IOException {
    byte[] archive = archive("y".repeat(300));
    byte[] size = "77777777777 ".getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(size, 0, archive, 124, size.length);
    TarHeaders.seal(archive, 0);
    assertThatThrownBy(() -> input(archive).next())
        .isInstanceOf(TarInput.DamagedArchive.class)
        .hasMessageContaining("header");
  }

  @Test
  void noise_is_no_archive() {
    byte[] noise = new byte[4096];
    new java.util.Random(7).nextBytes(noise);
    assertThatThrownBy(() -> input(noise).next()).isInstanceOf(TarInput.DamagedArchive.class);
  }

  static TarInput input(byte[] archive) {
    return new TarInput(Channels.newChannel(new ByteArrayInputStream(archive)));
  }

  static byte[] archive(String... names) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes, "UTF-8")) {
      tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
      tar.setAddPaxHeadersForNonAsciiNames(true);
      for (String name : names) {
        TarArchiveEntry entry = new TarArchiveEntry(name);
        entry.setSize(CONTENT.length);
        entry.setModTime(0L);
        tar.putArchiveEntry(entry);
        tar.write(CONTENT);
        tar.closeArchiveEntry();
      }
    }
    return bytes.toByteArray();
  }
}
