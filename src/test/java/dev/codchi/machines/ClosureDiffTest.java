package dev.codchi.machines;

import static org.assertj.core.api.Assertions.assertThat;

import dev.codchi.machines.ClosureDiff.Change;
import dev.codchi.machines.ClosureDiff.Kind;
import org.junit.jupiter.api.Test;

/** What {@code nix store diff-closures} prints, in the forms that it has. */
class ClosureDiffTest {
  @Test
  void reads_every_form_of_a_line() {
    ClosureDiff difference =
        ClosureDiff.parse(
            """
            dolphin: 20.08.1 → 20.08.2, +13.9 KiB
            hello: ∅ → 2.12, +42.5 KiB
            old: 1.0, 1.1 → ∅, \u001b[32;1m-1.5 MiB\u001b[0m
            nixos-system: +9.0 KiB
            wrapper: ε → ∅
            tool: ∅ → ε, +8.1 KiB
            two-words: 1.0 → 1.1, 1.2

            """);
    assertThat(difference.changes())
        .containsExactly(
            new Change("dolphin", Kind.UPDATED, "20.08.1", "20.08.2", 14_234),
            new Change("hello", Kind.ADDED, "", "2.12", 43_520),
            new Change("old", Kind.REMOVED, "1.0, 1.1", "", -1_572_864),
            new Change("nixos-system", Kind.UPDATED, "", "", 9_216),
            new Change("wrapper", Kind.REMOVED, "", "", 0),
            new Change("tool", Kind.ADDED, "", "", 8_294),
            new Change("two-words", Kind.UPDATED, "1.0", "1.1, 1.2", 0));
    assertThat(difference.bytes()).isEqualTo(14_234 + 43_520 - 1_572_864 + 9_216 + 8_294);
  }

  @Test
  void says_it_to_people() {
    assertThat(new Change("hello", Kind.UPDATED, "2.10", "2.12", 12_288).describe())
        .isEqualTo("updated hello 2.10 → 2.12 (+12.0 KiB)");
    assertThat(new Change("old", Kind.REMOVED, "1.0", "", -2_048).describe())
        .isEqualTo("removed old 1.0 (-2.0 KiB)");
    assertThat(ClosureDiff.size(512)).isEqualTo("512 B");
    assertThat(ClosureDiff.signed(-1_572_864)).isEqualTo("-1.5 MiB");
  }

  @Test
  void leaves_out_what_it_does_not_know() {
    assertThat(ClosureDiff.parse("").changes()).isEmpty();
    assertThat(ClosureDiff.parse("warning without sense\n").changes()).isEmpty();
  }
}
