package dev.codchi.machines;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RootOwnerTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/nix/var/nix/profiles/per-machine/web/system-12-link | machine web, generation 12",
        "/nix/var/nix/profiles/per-machine/web/default-1-link | machine web, profile default-1-link",
        "/nix/var/nix/gcroots/codchi-running/web/3 | machine web, programs that run",
        "/data/machine/web/project/result | machine web, link ~/project/result",
        "/config/machine/web/next/system | machine web, build under way",
        "/nix/var/nix/profiles/codchi-store-1-link | the store's own programs",
        "/proc/12/exe | the store"
      })
  void says_what_keeps_a_path(String link, String owner) {
    assertThat(RootOwner.of(link)).isEqualTo(owner);
  }

  @org.junit.jupiter.api.Test
  void finds_store_paths_in_what_processes_show() {
    String hash = "0".repeat(32);
    assertThat(
            RunningPrograms.paths(
                "7f00-7f01 r-xp 00000000 00:1 1 /nix/store/%1$s-glibc-2.41/lib/libc.so.6\nPATH=/nix/store/%1$s-a/bin:/nix/store/%1$s-b/bin\0"
                    .formatted(hash)))
        .containsExactly(
            "/nix/store/" + hash + "-a",
            "/nix/store/" + hash + "-b",
            "/nix/store/" + hash + "-glibc-2.41");
  }
}
