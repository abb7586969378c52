package dev.codchi.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.codchi.machines.HostTools;
import dev.codchi.machines.RestingMachine;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** With a real gzip behind real named pipes. */
@Timeout(60)
class PackingTest {
  /** More than all buffers on the way hold together. */
  private static final int PIECES = 64;

  private final byte[] noise = new byte[1024 * 1024];
  private RestingMachine machine;

  @BeforeEach
  void make(@TempDir Path directory) throws IOException {
    machine = HostTools.in(directory, List.of("gzip"));
    new Random(1).nextBytes(noise);
  }

  private long noise(BlockOutput output) throws IOException {
    for (int piece = 0; piece < PIECES; piece++) {
      output.write(noise);
    }
    return output.written();
  }

  @Test
  void what_comes_out_is_what_went_in() throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    Packing.into(
        machine,
        Compression.GZIP,
        Channels.newChannel(packed),
        output -> {
          output.write(noise);
          return 0;
        });
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(packed.toByteArray()))) {
      assertThat(in.readAllBytes()).isEqualTo(noise);
    }
  }

  @Test
  void a_full_disk_is_reported_and_not_the_pipe_that_broke_for_it() {
    IOException failed =
        catchThrowableOfType(
            IOException.class,
            () -> Packing.into(machine, Compression.GZIP, new FullDisk(), this::noise));
    assertThat(failed).hasMessage("No space left on device");
    assertThat(failed.getSuppressed())
        .singleElement()
        .satisfies(broken -> assertThat(broken).hasMessage("Broken pipe"));
  }

  @Test
  void a_failure_of_the_work_is_reported_even_if_nobody_takes_what_was_packed() {
    IOException failed =
        catchThrowableOfType(
            IOException.class,
            () ->
                Packing.into(
                    machine,
                    Compression.GZIP,
                    new NobodyReads(),
                    output -> {
                      output.write(noise, 0, 4096);
                      output.flush();
                      throw new IOException("the archive is damaged");
                    }));
    assertThat(failed).hasMessage("the archive is damaged");
  }

  /** Takes a little and then no more. */
  private static final class FullDisk implements WritableByteChannel {
    private boolean open = true;
    private boolean full;

    @Override
    public int write(ByteBuffer bytes) throws IOException {
      if (full) {
        throw new IOException("No space left on device");
      }
      full = true;
      int count = bytes.remaining();
      bytes.position(bytes.limit());
      return count;
    }

    @Override
    public boolean isOpen() {
      return open;
    }

    @Override
    public void close() {
      open = false;
    }
  }

  /** Like standard output whose reader sleeps. */
  private static final class NobodyReads implements WritableByteChannel {
    @Override
    public synchronized int write(ByteBuffer bytes) throws IOException {
      try {
        while (true) {
          wait();
        }
      } catch (InterruptedException e) {
        throw new java.nio.channels.ClosedByInterruptException();
      }
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void close() {}
  }
}
