package dev.codchi.machines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MachineNameTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "a",
        "web",
        "Web-2",
        "x1-y2-z3",
        "stores",
        "store2",
        "console",
        "com",
        "com10",
        "nullable",
        "abcdefghijabcdefghijabcdefghijabcdefghij"
      })
  void acceptsAndKeepsTheCase(String text) {
    assertThat(MachineName.of(text).value()).isEqualTo(text);
    assertThat(MachineName.of(text)).hasToString(text);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "``         | at least one character",
        "` `        | a space at position 1",
        "`a b`      | a space at position 2",
        "a/b        | '/' at position 2",
        "..         | '.' at position 1",
        "a_b        | '_' at position 2",
        "-a         | starts with '-'",
        "1a         | starts with '1'",
        "a-         | ends with '-'",
        "a--b       | '--' at position 2",
        "store      | reserved for codchi",
        "CodchiStore| reserved for codchi",
        "con        | device on Windows",
        "NUL        | device on Windows",
        "lpt1       | device on Windows",
        "büro       | 'ü' (U+00FC) at position 2",
        "a😀b       | '😀' (U+1F600) at position 2",
        "а          | 'а' (U+0430) at position 1",
        "abcdefghijabcdefghijabcdefghijabcdefghijk | it has 41 characters",
      })
  void saysWhichRuleIsBroken(String text, String reason) {
    Failure failure = catchThrowableOfType(Failure.class, () -> MachineName.of(text));
    assertThat(failure.code()).isEqualTo(FailureCode.BAD_NAME);
    assertThat(failure.what()).isEqualTo("'%s' is not a machine name".formatted(text));
    assertThat(failure.why()).contains(reason);
  }

  @Test
  void doesNotPrintControlCharactersOrEndlessNames() {
    Failure failure = catchThrowableOfType(Failure.class, () -> MachineName.of("a\u001b[31m\n"));
    assertThat(failure.what()).isEqualTo("'a�[31m�' is not a machine name");
    assertThat(failure.why()).contains("control character U+001B at position 2");

    failure = catchThrowableOfType(Failure.class, () -> MachineName.of("x".repeat(100_000)));
    assertThat(failure.what()).hasSizeLessThan(100);
    assertThat(failure.why()).contains("100000 characters");
  }

  @Test
  void twinsInAnotherCaseAreTheSameMachine() {
    assertThat(MachineName.of("Web")).isEqualTo(MachineName.of("wEB"));
    assertThat(MachineName.of("Web").key()).isEqualTo("web");
    assertThat(MachineName.of("Web")).isNotEqualTo(MachineName.of("web2"));
    assertThat(new HashSet<>(Set.of(MachineName.of("Web")))).contains(MachineName.of("web"));
    assertThat(MachineName.of("a")).isLessThan(MachineName.of("B"));
  }
}
