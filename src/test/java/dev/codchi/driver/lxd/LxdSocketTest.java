package dev.codchi.driver.lxd;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LxdSocketTest {
  private static LxdSocket locate(Map<String, String> environment) {
    return LxdSocket.locate(Optional.empty(), environment);
  }

  @Test
  void a_setting_decides() {
    LxdSocket socket = LxdSocket.locate(Optional.of(Path.of("/s")), Map.of("LXD_SOCKET", "/l"));
    assertThat(socket.candidates()).containsExactly(Path.of("/s"));
  }

  @Test
  void the_environment_decides_and_incus_comes_first() {
    Map<String, String> all =
        Map.of("INCUS_SOCKET", "/is", "INCUS_DIR", "/id", "LXD_SOCKET", "/ls", "LXD_DIR", "/ld");
    assertThat(locate(all).candidates()).containsExactly(Path.of("/is"));
    assertThat(locate(Map.of("INCUS_DIR", "/id", "LXD_DIR", "/ld")).candidates())
        .containsExactly(Path.of("/id/unix.socket"));
    assertThat(locate(Map.of("LXD_DIR", "/ld", "LXD_SOCKET", "")).candidates())
        .containsExactly(Path.of("/ld/unix.socket"));
  }

  @Test
  void otherwise_the_usual_places_are_tried_incus_first() {
    assertThat(locate(Map.of()).candidates())
        .containsExactly(
            Path.of("/run/incus/unix.socket"),
            Path.of("/var/lib/incus/unix.socket"),
            Path.of("/var/snap/lxd/common/lxd/unix.socket"),
            Path.of("/var/lib/lxd/unix.socket"));
    assertThat(LxdSocket.snap(Path.of("/var/snap/lxd/common/lxd/unix.socket"))).isTrue();
    assertThat(LxdSocket.snap(Path.of("/var/lib/lxd/unix.socket"))).isFalse();
  }
}
