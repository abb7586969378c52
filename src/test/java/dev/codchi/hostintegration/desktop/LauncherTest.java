package dev.codchi.hostintegration.desktop;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LauncherTest {
  @Test
  void words_are_quoted_for_the_shell() {
    assertThat(Launcher.quote("it's $HOME")).isEqualTo("'it'\\''s $HOME'");
  }
}
