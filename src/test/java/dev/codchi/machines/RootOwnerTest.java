package dev.codchi.machines;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RootOwnerTest {
  private static final MachineName WEB = MachineName.of("web");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/nix/var/nix/profiles/per-machine/web/system-12-link | machine web, generation 12",
        "/nix/var/nix/profiles/per-machine/web/default-1-link | machine web, profile default-1-link",
        "/nix/var/nix/gcroots/codchi-machines/web/3 | machine web, as last looked at",
        "/config/machine/web/next/system | machine web, build under way",
        "/nix/var/nix/profiles/codchi-store-1-link | the store's own programs",
        "/proc/12/exe | the store",
        "machine web, link ~/result | machine web, link ~/result"
      })
  void says_what_keeps_a_path(String link, String owner) {
    assertThat(RootOwner.of(link)).isEqualTo(owner);
  }

  @Test
  void says_whose_it_is() {
    assertThat(RootOwner.machine(RootOwner.generation("web", 3))).contains("web");
    assertThat(RootOwner.machine(RootOwner.programs(WEB))).contains("web");
    assertThat(RootOwner.machine(RootOwner.link(WEB, "/srv/machine, x"))).contains("web");
    assertThat(RootOwner.machine("the store's own programs")).isEmpty();
  }

  @Test
  void names_links_as_people_do() {
    assertThat(RootOwner.link(WEB, "/home/codchi/a/result"))
        .isEqualTo("machine web, link ~/a/result");
    assertThat(RootOwner.link(WEB, "/home/codchiX")).isEqualTo("machine web, link /home/codchiX");
    assertThat(RootOwner.link(WEB, "/srv/\033[2Jx")).isEqualTo("machine web, link /srv/�[2Jx");
  }

  @Test
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
