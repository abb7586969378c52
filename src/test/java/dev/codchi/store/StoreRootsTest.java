package dev.codchi.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
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

  @Test
  void what_would_be_another_line_for_the_script_is_no_use() {
    for (String path : List.of("/nix/store/x\n../../config/evil /nix/store/y", "/nix/store/x\r")) {
      Failure failure =
          catchThrowableOfType(
              Failure.class, () -> new StoreRoots.Use("web", "a link of web", path));
      assertThat(failure.code()).isEqualTo(FailureCode.STORE_COLLECT);
    }
  }
}
