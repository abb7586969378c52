package dev.codchi.machines.secrets.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.codchi.machines.secrets.SecretValue;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EnvironmentFileTest {
  @TempDir Path directory;

  /** Values that have broken quoting somewhere, every single byte, and random ones. */
  private static Map<String, SecretValue> nasty() {
    List<byte[]> values = new ArrayList<>();
    Stream.of(
            "",
            " ",
            "'",
            "''",
            "'\"'\"'",
            "\"",
            "\\",
            "\\'",
            "'\\''",
            "\\\n",
            "a\nb\n",
            "\n",
            "\r\n",
            "trailing \t ",
            "$(touch pwned)",
            "`touch pwned`",
            "${HOME}",
            "$HOME",
            "!!",
            "#comment",
            ";#",
            "a=b",
            "~",
            "*",
            "\u0001\u007f\u0081\u0088",
            "pässwörd €",
            "%s%n",
            "&& rm -rf nothing")
        .forEach(text -> values.add(text.getBytes(StandardCharsets.UTF_8)));
    byte[] all = new byte[255];
    for (int each = 1; each < 256; each++) {
      all[each - 1] = (byte) each;
      values.add(new byte[] {(byte) each});
      values.add(new byte[] {'a', (byte) each, '\'', (byte) each, 'b'});
    }
    values.add(all);
    Random random = new Random(42);
    for (int round = 0; round < 200; round++) {
      byte[] bytes = new byte[random.nextInt(40)];
      for (int i = 0; i < bytes.length; i++) {
        int pick = random.nextInt(6);
        bytes[i] = (byte) (pick < 3 ? "'\"\\".charAt(pick) : 1 + random.nextInt(255));
      }
      values.add(bytes);
    }
    Map<String, SecretValue> named = new LinkedHashMap<>();
    values.forEach(value -> named.put("CODCHI_V" + named.size(), SecretValue.owning(value)));
    return named;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/bin/sh",
        "/bin/bash",
        "/bin/dash",
        "/usr/bin/busybox sh",
        "/bin/mksh",
        "/bin/zsh"
      })
  void everyShellReadsTheVeryBytes(String shell) throws Exception {
    String[] words = shell.split(" ", -1);
    Assumptions.assumeTrue(
        Files.isExecutable(Path.of(words[0])), "there is no " + words[0] + " here");
    Map<String, SecretValue> values = nasty();
    Path file = directory.resolve("env");
    Files.write(file, EnvironmentFile.render(values));

    for (String locale : List.of("C", "C.UTF-8")) {
      Map<String, byte[]> seen = environmentAfterSourcing(words, file, locale);
      values.forEach((name, value) ->
          assertThat(seen.get(name)).as(name + " in " + locale).isEqualTo(value.bytes()));
    }
    assertThat(directory.resolve("pwned")).doesNotExist();
  }

  private Map<String, byte[]> environmentAfterSourcing(String[] shell, Path file, String locale)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(shell));
    command.addAll(List.of("-c", "set -a; . \"$0\"; set +a; exec env -0", file.toString()));
    ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
    builder.environment().put("LC_ALL", locale);
    Process process = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
    byte[] out = process.getInputStream().readAllBytes();
    assertThat(process.waitFor()).isZero();
    Map<String, byte[]> seen = new LinkedHashMap<>();
    String text = new String(out, StandardCharsets.ISO_8859_1);
    for (String assignment : text.split("\0", -1)) {
      int equals = assignment.indexOf('=');
      if (equals > 0) {
        seen.put(
            assignment.substring(0, equals),
            assignment.substring(equals + 1).getBytes(StandardCharsets.ISO_8859_1));
      }
    }
    return seen;
  }

  /** systemd's own grammar: quoted parts side by side, backslashes literal inside single quotes. */
  @Test
  void quotesAsSystemdReadsThem() {
    byte[] file = EnvironmentFile.render(Map.of("A", SecretValue.ofText("it's \\ \"x\"\n$y")));

    assertThat(new String(file, StandardCharsets.UTF_8)).isEqualTo("A='it'\"'\"'s \\ \"x\"\n$y'\n");
  }

  @Test
  void knowsWhatSystemdDoesNotRead() {
    for (String fine : List.of("", "a\tb\nc", "pässwörd €", "'\"\\$", "\ud83d\ude00")) {
      assertThat(EnvironmentFile.isReadableBySystemd(SecretValue.ofText(fine))).as(fine).isTrue();
    }
    for (String refused : List.of("\r", "\u0001", "\u001b[31m", "\u007f", "\ufffe", "\ufdd0")) {
      assertThat(EnvironmentFile.isReadableBySystemd(SecretValue.ofText(refused))).isFalse();
    }
    assertThat(EnvironmentFile.isReadableBySystemd(SecretValue.owning(new byte[] {(byte) 0xff})))
        .isFalse();
  }
}
