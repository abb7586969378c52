package dev.codchi.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StatePartitionTest {
  private static final long MEBIBYTE = 1L << 20;
  private static final byte[] CONTENT = "the files".repeat(1000).getBytes(StandardCharsets.UTF_8);

  @TempDir Path directory;

  private FileChannel disk(long size) throws IOException {
    FileChannel disk =
        FileChannel.open(
            directory.resolve("disk"),
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE);
    disk.write(ByteBuffer.allocate(1), size - 1);
    return disk;
  }

  private static void put(FileChannel disk, long at, byte... bytes) throws IOException {
    disk.write(ByteBuffer.wrap(bytes), at);
  }

  private static void masterBootRecord(FileChannel disk) throws IOException {
    put(disk, 446 + 4, (byte) 0x83);
    put(disk, 510, (byte) 0x55, (byte) 0xaa);
  }

  private static ByteBuffer sectors(FileChannel disk, long first, int count) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(count * 512).order(ByteOrder.LITTLE_ENDIAN);
    disk.read(bytes, first * 512);
    return bytes.clear();
  }

  private static void append(FileChannel disk) throws IOException {
    StatePartition.append(
        disk,
        output -> {
          output.write(CONTENT);
          return 1;
        });
  }

  @Test
  void is_found_again_with_what_was_written() throws IOException {
    try (FileChannel disk = disk(5 * MEBIBYTE + 512)) {
      masterBootRecord(disk);
      append(disk);
      StatePartition found = StatePartition.find(disk).orElseThrow();
      assertThat(found.begin()).isEqualTo(6 * MEBIBYTE + StatePartition.HEADER);
      assertThat(found.length()).isEqualTo(CONTENT.length);
      assertThat(found.taken()).isFalse();
      ByteBuffer content = ByteBuffer.allocate(CONTENT.length);
      disk.read(content, found.begin());
      assertThat(content.array()).isEqualTo(CONTENT);
    }
  }

  @Test
  void is_the_first_free_entry_of_a_master_boot_record() throws IOException {
    try (FileChannel disk = disk(4 * MEBIBYTE)) {
      masterBootRecord(disk);
      append(disk);
      ByteBuffer entry = sectors(disk, 0, 1);
      assertThat(entry.get(446 + 4)).isEqualTo((byte) 0x83);
      assertThat(entry.get(462 + 4)).isEqualTo((byte) 0xda);
      assertThat(entry.getInt(462 + 8)).isEqualTo(4 * 2048);
      assertThat(entry.getInt(462 + 12)).isEqualTo(2048);
    }
  }

  @Test
  void is_an_entry_of_a_guid_table_whose_backup_moves_to_the_end() throws IOException {
    try (FileChannel disk = disk(4 * MEBIBYTE)) {
      masterBootRecord(disk);
      put(disk, 446 + 4, (byte) 0xee);
      ByteBuffer header = ByteBuffer.allocate(512).order(ByteOrder.LITTLE_ENDIAN);
      header.put("EFI PART".getBytes(StandardCharsets.US_ASCII));
      header.putInt(12, 92).putLong(24, 1).putLong(32, 8191).putLong(40, 34).putLong(48, 8158);
      header.putLong(56, 7).putLong(64, 8).putLong(72, 2).putInt(80, 128).putInt(84, 128);
      disk.write(header.clear(), 512);
      ByteBuffer first = ByteBuffer.allocate(128).order(ByteOrder.LITTLE_ENDIAN);
      disk.write(first.putLong(0, 1).putLong(32, 2048).putLong(40, 4095).clear(), 1024);
      append(disk);

      long last = disk.size() / 512 - 1;
      for (long at : new long[] {1, last}) {
        ByteBuffer found = sectors(disk, at, 1);
        int sum = found.getInt(16);
        CRC32 computed = new CRC32();
        computed.update(found.putInt(16, 0).limit(92));
        assertThat(sum).isEqualTo((int) computed.getValue());
        found.clear();
        assertThat(found.getLong(24)).isEqualTo(at);
        assertThat(found.getLong(32)).isEqualTo(at == 1 ? last : 1);
        ByteBuffer entries = sectors(disk, found.getLong(72), 32);
        CRC32 all = new CRC32();
        all.update(entries.duplicate());
        assertThat(found.getInt(88)).isEqualTo((int) all.getValue());
        assertThat(entries.getLong(128 + 32)).isEqualTo(4 * 2048);
        assertThat(entries.getLong(128 + 40)).isLessThanOrEqualTo(found.getLong(48));
      }
    }
  }

  @Test
  void needs_room_in_the_table() throws IOException {
    try (FileChannel disk = disk(4 * MEBIBYTE)) {
      assertThatThrownBy(() -> append(disk)).hasMessageContaining("no partition table");
      masterBootRecord(disk);
      for (int i = 0; i < 4; i++) {
        put(disk, 446 + 16L * i + 4, (byte) 0x83);
      }
      assertThatThrownBy(() -> append(disk)).hasMessageContaining("four partitions");
    }
  }

  @Test
  void tells_when_a_system_has_taken_it_or_a_newer_codchi_wrote_it() throws IOException {
    try (FileChannel disk = disk(4 * MEBIBYTE)) {
      masterBootRecord(disk);
      append(disk);
      put(disk, 4 * MEBIBYTE, "codchi-taken".getBytes(StandardCharsets.US_ASCII));
      assertThat(StatePartition.find(disk).orElseThrow().taken()).isTrue();
      put(disk, 4 * MEBIBYTE, "codchi-state 2".getBytes(StandardCharsets.US_ASCII));
      assertThatThrownBy(() -> StatePartition.find(disk)).hasMessageContaining("newer codchi");
    }
  }
}
