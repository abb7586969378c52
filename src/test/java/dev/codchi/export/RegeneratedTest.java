package dev.codchi.export;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RegeneratedTest {
  private final Regenerated regenerated = new Regenerated("pam.d/login\nssh/moduli\n");

  @Test
  void what_nixos_writes_to_etc_stays_and_what_people_write_goes_along() {
    assertThat(left("./etc/passwd")).isTrue();
    assertThat(left("./etc/nixos/configuration.nix")).isTrue();
    assertThat(left("./etc/ssh/moduli")).isTrue();
    assertThat(left("./")).isTrue();
    assertThat(left("./etc/ssh/ssh_host_ed25519_key")).isFalse();
    assertThat(left("./etc/")).isFalse();
    assertThat(left("./home/codchi/etc/passwd")).isFalse();
    assertThat(left("./home/codchi/passwd")).isFalse();
  }

  @Test
  void links_into_the_store_are_made_anew_in_etc_only() {
    assertThat(regenerated.contains(link("./etc/fstab", "/etc/static/fstab"))).isTrue();
    assertThat(regenerated.contains(link("./etc/zsh/zshrc", "/nix/store/x"))).isTrue();
    assertThat(regenerated.contains(link("./etc/mine", "/home/codchi/mine"))).isFalse();
    assertThat(regenerated.contains(link("./home/codchi/result", "/nix/store/x"))).isFalse();
  }

  private boolean left(String path) {
    return regenerated.contains(new TarEntry(path, TarEntry.FILE, "", 0, 0, 0));
  }

  private static TarEntry link(String path, String target) {
    return new TarEntry(path, TarEntry.SYMBOLIC_LINK, target, 0, 0, 0);
  }
}
