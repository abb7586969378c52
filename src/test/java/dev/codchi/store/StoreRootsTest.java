package dev.codchi.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class StoreRootsTest {
  private static final List<StoreRoots.Use> USES =
      List.of(
          new StoreRoots.Use("web", "programs of web", "/nix/store/a"),
          new StoreRoots.Use("api", "a link of api", "/nix/store/b"));

  @Test
  void a_root_is_told_in_the_words_of_its_use() {
    String uses = StoreRoots.USES;
    assertThat(StoreRoots.owner(uses + "/api/1", USES)).isEqualTo("a link of api");
    assertThat(StoreRoots.owner(uses + "/web/0", USES)).isEqualTo("programs of web");
    for (String other : List.of(uses + "/web/2", uses + "/web/x", uses + "/1", "/proc/1/exe")) {
      assertThat(StoreRoots.owner(other, USES)).isEqualTo(other);
    }
  }
}
