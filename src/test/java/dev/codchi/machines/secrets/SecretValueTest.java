package dev.codchi.machines.secrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNoException;

import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretValueTest {
  private static final SecretId VARIABLE = SecretId.env("A");

  @Test
  void neverShowsItself() {
    SecretValue value = SecretValue.ofText("hunter2");

    assertThat(value).hasToString("[secret]");
    assertThat(new SecretHolder(value)).hasToString("SecretHolder[value=[secret]]");
  }

  private record SecretHolder(SecretValue value) {}

  @Test
  void isWipedWhenClosed() {
    byte[] bytes = "hunter2".getBytes(StandardCharsets.UTF_8);
    SecretValue value = SecretValue.owning(bytes);
    value.close();
    value.close();

    assertThat(bytes).containsOnly(0);
    assertThatIllegalStateException().isThrownBy(value::bytes);
  }

  @Test
  void wipesWhatWasTyped() {
    char[] typed = "pässword".toCharArray();
    SecretValue value = SecretValue.wiping(typed);

    assertThat(typed).containsOnly('\0');
    assertThat(value).isEqualTo(SecretValue.ofText("pässword"));
  }

  @Test
  void dropsOneLineBreakAtTheEndAtMost() {
    assertThat(SecretValue.ofText("a\n\n").withoutFinalLineBreak())
        .isEqualTo(SecretValue.ofText("a\n"));
    assertThat(SecretValue.ofText("a\r\n").withoutFinalLineBreak())
        .isEqualTo(SecretValue.ofText("a"));
    assertThat(SecretValue.ofText("\r").withoutFinalLineBreak())
        .isEqualTo(SecretValue.ofText("\r"));
    assertThat(SecretValue.ofText("").withoutFinalLineBreak()).isEqualTo(SecretValue.ofText(""));
  }

  @Test
  void aVariableHoldsNoNulAndNoMoreThanLinuxAllows() {
    assertUnfit(VARIABLE, new byte[] {'a', 0, 'b'}, "NUL");
    assertUnfit(VARIABLE, new byte[131_070], "NUL");
    byte[] longest = new byte[131_062];
    java.util.Arrays.fill(longest, (byte) 0xff);
    assertThatNoException().isThrownBy(() -> SecretValue.copyOf(longest).requireFit(VARIABLE));
    byte[] longer = new byte[131_063];
    java.util.Arrays.fill(longer, (byte) 0xff);
    assertUnfit(VARIABLE, longer, "128 KiB");
  }

  @Test
  void aFileHoldsAnyBytesUpToOneMebibyte() {
    SecretId file = SecretId.file("a");
    assertThatNoException()
        .isThrownBy(() -> SecretValue.copyOf(new byte[SecretValue.LONGEST]).requireFit(file));
    assertUnfit(file, new byte[SecretValue.LONGEST + 1], "1 MiB");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "a\n", "ä"})
  void aTokenIsOneAsciiWord(String token) {
    assertThatExceptionOfType(Failure.class)
        .isThrownBy(() -> SecretValue.ofText(token).requireFit(SecretId.token("github.com")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "1A", "A-B", "A B", "Ä", "A=B", "MACHINE_NAME", "NAME", "A\n", "A\u0000"})
  void variablesHaveTheNamesThatShellsKnow(String name) {
    assertBadName(SecretKind.ENV, name);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", ".", "..", "a/b", "../a", "-a", "a b", "a\n", "~a", ".a", "user@host", "a+b"})
  void filesHaveNamesThatStayInTheirDirectory(String name) {
    assertBadName(SecretKind.FILE, name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"tls.key", "_netrc", "id_ed25519", "a..", "1-2"})
  void ordinaryFileNamesAreFine(String name) {
    assertThat(SecretId.file(name).name()).isEqualTo(name);
  }

  @Test
  void namesHaveALimitAndAreShownPrintable() {
    assertBadName(SecretKind.ENV, "A".repeat(129));
    assertThat(SecretId.env("A".repeat(128)).name()).hasSize(128);
    assertThatExceptionOfType(Failure.class)
        .isThrownBy(() -> SecretId.env("A\u001b[31m"))
        .withMessage("'A?[31m' cannot be the name of a secret");
  }

  private static void assertBadName(SecretKind kind, String name) {
    assertThatExceptionOfType(Failure.class)
        .isThrownBy(() -> new SecretId(kind, name))
        .satisfies(failure -> assertThat(failure.code()).isEqualTo(FailureCode.SECRET_NAME));
  }

  private static void assertUnfit(SecretId id, byte[] value, String reason) {
    assertThatExceptionOfType(Failure.class)
        .isThrownBy(() -> SecretValue.copyOf(value).requireFit(id))
        .satisfies(failure -> {
          assertThat(failure.code()).isEqualTo(FailureCode.SECRET_VALUE);
          assertThat(failure.why()).contains(reason);
        });
  }
}
