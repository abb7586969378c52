package dev.codchi.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class StorePathsTest {
  private static final String OLD =
      """
      {"/nix/store/a-app":{"narSize":100,"references":["/nix/store/a-app","/nix/store/b-lib"],"deriver":"/nix/store/d-app.drv"},
       "/nix/store/b-lib":{"narSize":20,"references":[],"deriver":"/nix/store/gone.drv"},
       "/nix/store/c-other":{"narSize":3,"references":["/nix/store/b-lib"],"deriver":null},
       "/nix/store/d-app.drv":{"narSize":1,"references":[]},
       "/nix/store/e-invalid":null}
      """;
  private static final String NEW =
      """
      {"info":{"a-app":{"narSize":100,"references":["b-lib"]},"b-lib":{"narSize":20,"references":[]}},"storeDir":"/nix/store","version":2}
      """;

  @Test
  void follows_references_and_derivers() {
    StorePaths paths = StorePaths.parse(OLD);
    assertThat(paths.names()).containsExactlyInAnyOrder("a-app", "b-lib", "c-other", "d-app.drv");
    assertThat(paths.closure(List.of("/nix/store/a-app/bin/app", "/nix/store/z-unknown")))
        .containsExactlyInAnyOrder("a-app", "b-lib", "d-app.drv");
    assertThat(paths.bytes(List.of("a-app", "b-lib"))).isEqualTo(120);
  }

  @Test
  void reads_the_form_of_newer_versions() {
    assertThat(StorePaths.parse(NEW).closure(List.of("/nix/store/a-app")))
        .containsExactlyInAnyOrder("a-app", "b-lib");
  }
}
