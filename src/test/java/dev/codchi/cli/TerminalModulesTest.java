package dev.codchi.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.codchi.machines.ModuleAttribute;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TerminalModulesTest {
  private static final List<ModuleAttribute> OFFERED =
      Stream.of("codchiModules.web", "nixosModules.web", "nixosModules.db", "nixosModules.all-in")
          .map(ModuleAttribute::parse)
          .toList();

  private static Optional<List<String>> chosen(String answer) {
    return TerminalModules.chosen(answer, OFFERED)
        .map(all -> all.stream().map(ModuleAttribute::print).toList());
  }

  @Test
  void takes_numbers_and_names_in_the_order_of_the_answer() {
    assertThat(chosen("3 1")).contains(List.of("nixosModules.db", "codchiModules.web"));
    assertThat(chosen(" db,  4 ")).contains(List.of("nixosModules.db", "nixosModules.all-in"));
    assertThat(chosen("nixosModules.web")).contains(List.of("nixosModules.web"));
  }

  @Test
  void a_name_means_all_that_are_called_so() {
    assertThat(chosen("web")).contains(List.of("codchiModules.web", "nixosModules.web"));
  }

  @Test
  void takes_all_of_them_and_each_only_once() {
    List<String> all = OFFERED.stream().map(ModuleAttribute::print).toList();
    assertThat(chosen("all")).contains(all);
    assertThat(chosen("*")).contains(all);
    assertThat(chosen("1 1 web")).contains(List.of("codchiModules.web", "nixosModules.web"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "5", "12345", "-1", "nothing", "1 nothing", "web.", "1;2"})
  void asks_again_where_a_part_means_nothing(String answer) {
    assertThat(chosen(answer)).isEmpty();
  }
}
