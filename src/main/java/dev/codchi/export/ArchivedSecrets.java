package dev.codchi.export;

import dev.codchi.machines.secrets.SecretId;
import dev.codchi.machines.secrets.SecretKind;
import dev.codchi.machines.secrets.SecretValue;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The secrets that an archive of {@code codchi tar --secrets include} has in clear text. */
final class ArchivedSecrets {
  static final String FILES = "etc/codchi-secrets/files/";

  /** Up to the next such line, since quotation marks in values are not marked. */
  private static final Pattern ORIGINAL =
      Pattern.compile(
          "^export CODCHI_([A-Za-z0-9_]{1,64})=\"(.*?)\"\\n?(?=export CODCHI_|\\z)",
          Pattern.MULTILINE | Pattern.DOTALL);

  private static final Set<String> ORIGINALS_OWN = Set.of("DEBUG");

  private ArchivedSecrets() {}

  /** Reads what {@link dev.codchi.machines.secrets.delivery.EnvironmentFile} wrote. */
  static Map<SecretId, SecretValue> ofEnvironment(byte[] file) {
    Map<SecretId, SecretValue> secrets = new LinkedHashMap<>();
    int at = 0;
    while (at < file.length) {
      int equals = at;
      while (equals < file.length && file[equals] != '=') {
        equals++;
      }
      String name = new String(file, at, equals - at, java.nio.charset.StandardCharsets.ISO_8859_1);
      ByteArrayOutputStream value = new ByteArrayOutputStream();
      at = value(file, equals + 1, value);
      if (name.startsWith(SecretId.VARIABLE_PREFIX) && !MachineFiles.isOwn(name)) {
        secrets.put(
            SecretId.env(name.substring(SecretId.VARIABLE_PREFIX.length())),
            SecretValue.owning(value.toByteArray()));
      }
    }
    return secrets;
  }

  /**
   * Reads what the original Codchi wrote: lines {@code export CODCHI_NAME="value"}, the value as it
   * is. Names that no secret can have are left out, like its own variables.
   */
  static Map<SecretId, SecretValue> ofOriginal(byte[] file) {
    Map<SecretId, SecretValue> secrets = new LinkedHashMap<>();
    // Bytes as they are: a value need not be text.
    Matcher line = ORIGINAL.matcher(new String(file, StandardCharsets.ISO_8859_1));
    while (line.find()) {
      String name = line.group(1);
      if (!ORIGINALS_OWN.contains(name)
          && !MachineFiles.isOwn(SecretId.VARIABLE_PREFIX + name)
          && SecretKind.ENV.fits(name)) {
        secrets.put(
            SecretId.env(name),
            SecretValue.owning(line.group(2).getBytes(StandardCharsets.ISO_8859_1)));
      }
    }
    return secrets;
  }

  /**
   * Reads a quoted value up to its line's end: everything between single quotes, and a quote
   * between double ones.
   *
   * @return where the next line begins
   */
  private static int value(byte[] file, int begin, ByteArrayOutputStream value) {
    int at = begin;
    byte quote = 0;
    while (at < file.length) {
      byte each = file[at++];
      if (quote == 0 && each == '\n') {
        return at;
      }
      if (quote == 0 && (each == '\'' || each == '"')) {
        quote = each;
      } else if (each == quote) {
        quote = 0;
      } else {
        value.write(each);
      }
    }
    return at;
  }
}
