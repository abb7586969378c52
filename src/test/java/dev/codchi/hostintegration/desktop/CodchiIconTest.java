package dev.codchi.hostintegration.desktop;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CodchiIconTest {
  @Test
  void pixels_are_the_picture() {
    byte[] pixels = CodchiIcon.argb(32);
    assertThat(pixels).hasSize(32 * 32 * 4);
    assertThat(pixels[0]).as("the corner is round").isZero();
    int top = (1 * 32 + 16) * 4;
    assertThat(pixels[top] & 0xff).as("the edge is filled").isEqualTo(255);
    int left = (16 * 32 + 7) * 4;
    assertThat(pixels[left + 1] & 0xff).as("the ring is light").isGreaterThan(200);
    int right = (16 * 32 + 24) * 4;
    assertThat(pixels[right + 1] & 0xff).as("and open to the right").isLessThan(0x60);
  }
}
