package dev.codchi.hostintegration.desktop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExecLineTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "firefox %u | firefox %u",
        "firefox --new-window %U | firefox --new-window %U",
        "gimp %f %F | gimp",
        "app %i --name %c | app --name \"My Name\"",
        "app %k%d%D%n%N%v%m | app",
        "app 100%% | app \"100%%\"",
        "app --url=%u | app --url=",
        "app \"two words\" | app \"two words\"",
        "app 'single $quotes' | app \"single \\$quotes\"",
        "app \"a\\\"b\\$c\\\\d\" | app \"a\\\"b\\$c\\\\d\"",
        "app \"\" last | app \"\" last",
        "sh -c \"echo `id`; rm x\" | sh -c \"echo \\`id\\`; rm x\"",
        "/nix/store/abc/bin/app a=b | /nix/store/abc/bin/app a=b",
      })
  void keeps_arguments_and_drops_what_belongs_to_the_host(String original, String expected) {
    assertThat(ExecLine.through(original, "My Name", List.of("/l", "launch", "web")))
        .contains("/l launch web " + expected);
  }

  @Test
  void refuses_open_quotes_and_nothing() {
    for (String broken : List.of("app \"open", "app 'open", "", "   ", "%f", "\"\" x")) {
      assertThat(ExecLine.through(broken, "n", List.of("/l"))).as(broken).isEmpty();
    }
  }

  @Test
  void quotes_the_launcher() {
    assertThat(ExecLine.join(List.of("/my dir/100%/codchi", "tray")))
        .isEqualTo("\"/my dir/100%%/codchi\" tray");
  }

  @Test
  void newlines_stay_in_one_argument() {
    assertThat(ExecLine.through("app \"a\nb\"", "n", List.of("/l"))).contains("/l app \"a\nb\"");
  }
}
