package dev.codchi.redaction;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RedactorTest {
  private static Redactor of(String... values) {
    return new Redactor(List.of(values).stream().map(RedactorTest::bytes).toList());
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void masksValuesWhereverTheyStand() {
    Redactor redactor = of("hunter2", "pässword");

    assertThat(redactor.redact("hunter2 --pw=hunter2hunter2, pässword."))
        .isEqualTo("[secret] --pw=[secret][secret], [secret].");
    assertThat(redactor.redact("nothing here, hunter")).isEqualTo("nothing here, hunter");
  }

  @Test
  void masksTheLongestWhereOneValueBeginsAnother() {
    Redactor redactor = of("token", "token-extended");

    assertThat(redactor.redact("token-extended token-ext token"))
        .isEqualTo("[secret] [secret]-ext [secret]");
  }

  @Test
  void masksEncodedForms() {
    String value = "p\"ss w\\rd/ü";
    Redactor redactor = of(value);

    String base64 = Base64.getEncoder().encodeToString(bytes(value));
    assertThat(redactor.redact("Basic " + base64)).doesNotContain(base64.substring(0, 12));
    assertThat(redactor.redact("?q=p%22ss%20w%5Crd%2F%C3%BC&")).isEqualTo("?q=[secret]&");
    assertThat(redactor.redact("{\"v\":\"p\\\"ss w\\\\rd/ü\"}")).isEqualTo("{\"v\":\"[secret]\"}");
  }

  @Test
  void masksEveryLongerLineOfAValueWithSeveral() {
    Redactor redactor = of("-----BEGIN KEY-----\nMIIEvQIBADANBgkq\nshort\n-----END KEY-----\n");

    assertThat(redactor.redact("log: MIIEvQIBADANBgkq|short")).isEqualTo("log: [secret]|short");
  }

  @Test
  void leavesValuesThatAreTooShortAlone() {
    assertThat(of("abc", "").redact("abcabc")).isEqualTo("abcabc");
  }

  @Test
  void masksAcrossTheBordersOfPieces() throws IOException {
    Redactor redactor = of("hunter2", "hunter2-and-more", "aaaa");
    byte[] text = bytes("x hunter2 y hunter2-and-less z hunter2-and-more aaaaa huntehunter2");
    String expected = new String(redactor.redact(text), StandardCharsets.UTF_8);
    Random random = new Random(1);
    for (int round = 0; round < 500; round++) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      try (OutputStream masked = redactor.wrap(out)) {
        int at = 0;
        while (at < text.length) {
          int length = Math.min(1 + random.nextInt(5), text.length - at);
          masked.write(text, at, length);
          masked.flush();
          at += length;
        }
      }
      assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo(expected);
    }
    assertThat(expected).doesNotContain("hunter2").contains("[secret]-and-less");
  }

  @Test
  void holdsBackOnlyWhatMayBecomeAValue() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    OutputStream masked = of("hunter2").wrap(out);

    masked.write(bytes("prompt> "));
    assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("prompt> ");
    masked.write(bytes("hunt"));
    masked.flush();
    assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("prompt> ");
    masked.write('!');
    assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("prompt> hunt!");
    masked.write(bytes("hu"));
    masked.close();
    assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("prompt> hunt!hu");
  }

  @Test
  void masksVeryLongValuesAndAnyBytes() throws IOException {
    byte[] large = new byte[300_000];
    new Random(3).nextBytes(large);
    Redactor redactor = new Redactor(List.of(large));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (OutputStream masked = redactor.wrap(out)) {
      for (int at = 0; at < large.length; at += 8192) {
        masked.write(large, at, Math.min(8192, large.length - at));
      }
    }

    assertThat(out.toString(StandardCharsets.UTF_8).replace("[secret]", "")).isEmpty();
  }

  @Test
  void forgetsWhatItLookedForWhenClosed() {
    Redactor redactor = of("hunter2");
    redactor.close();

    assertThat(redactor.redact("hunter2")).isEqualTo("hunter2");
  }
}
