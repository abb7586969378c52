package dev.codchi.export;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CompressionTest {
  /** xz writes something else with one thread, and an archive must not depend on the computer. */
  @ParameterizedTest
  @EnumSource(
      value = Compression.class,
      names = {"ZSTD", "XZ"})
  void usesAllProcessorsAndNeverOneThread(Compression compression) {
    int threads = Math.max(2, Runtime.getRuntime().availableProcessors());
    assertThat(compression.packing()).contains("-T" + threads).doesNotContain("-T0", "-T1");
  }

  @Test
  void leavesOutTheTimeThatGzipWouldWrite() {
    assertThat(Compression.GZIP.packing()).containsExactly("-n", "-c");
  }
}
