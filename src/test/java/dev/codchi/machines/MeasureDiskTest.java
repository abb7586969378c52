package dev.codchi.machines;

import static org.assertj.core.api.Assertions.assertThat;

import dev.codchi.store.StorePaths;
import dev.codchi.store.StoreRoots;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MeasureDiskTest {
  private static final StorePaths PATHS =
      StorePaths.parse(
          """
          {
            "/nix/store/a-web": { "narSize": 10, "references": ["/nix/store/c-shared"] },
            "/nix/store/b-api": { "narSize": 20, "references": ["/nix/store/c-shared"] },
            "/nix/store/c-shared": { "narSize": 100, "references": ["/nix/store/c-shared"] },
            "/nix/store/d-tools": { "narSize": 1000, "references": [] },
            "/nix/store/e-garbage": { "narSize": 5, "references": [] }
          }
          """);

  private static StoreRoots.Root generation(String machine, String path) {
    return new StoreRoots.Root(
        "/nix/var/nix/profiles/per-machine/" + machine + "/system-1-link", "/nix/store/" + path);
  }

  @Test
  void tells_what_machines_share_and_what_is_only_theirs() {
    Map<String, Set<String>> needs =
        MeasureDisk.needs(
            List.of(
                generation("web", "a-web"),
                generation("api", "b-api"),
                new StoreRoots.Root(
                    "/nix/var/nix/gcroots/codchi-machines/api/0", "/nix/store/d-tools"),
                new StoreRoots.Root(
                    "/nix/var/nix/profiles/codchi-store-1-link", "/nix/store/d-tools")),
            PATHS);
    assertThat(PATHS.bytes(needs.get("web"))).isEqualTo(110);
    assertThat(PATHS.bytes(needs.get("api"))).isEqualTo(1120);
    assertThat(MeasureDisk.alone("web", needs)).containsExactly("a-web");
    // The store's own programs would stay without the machine.
    assertThat(MeasureDisk.alone("api", needs)).containsExactly("b-api");
    assertThat(MeasureDisk.alone("nobody", needs)).isEmpty();
  }
}
