package dev.codchi.machines;

import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/** Percent-encoding as nix's own URL parser takes it, and hiding credentials in messages. */
final class UrlText {
  private static final String UNRESERVED =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~";
  private static final Pattern USER_INFO = Pattern.compile("(?<=//)(?:[^/?#]*|[^/@]*:[^@\\s]*)@");
  private static final Pattern BARE_USER_INFO = Pattern.compile("^[^@/]*:[^@/]*@");
  private static final Pattern TOKEN_PARAMETER =
      Pattern.compile("(?i)([?&](?:access_token|private_token|token|password)=)[^&#]*");

  private UrlText() {}

  /** One path, its '/' kept. */
  static String path(String text) {
    return encode(text, "/:+,=!$()*'");
  }

  /** One value of a query. */
  static String value(String text) {
    return encode(text, "/:,");
  }

  /** The query with its '?', or nothing. */
  static String query(Map<String, String> parameters) {
    StringBuilder query = new StringBuilder();
    parameters.forEach((key, value) ->
        query
            .append(query.isEmpty() ? '?' : '&')
            .append(value(key))
            .append('=')
            .append(value(value)));
    return query.toString();
  }

  /** The parameters of a query without its '?', decoded, in their order; '+' stays '+'. */
  static Map<String, String> parameters(String query) {
    Map<String, String> parameters = new LinkedHashMap<>();
    for (String pair : query.split("&", -1)) {
      if (pair.isEmpty()) {
        continue;
      }
      int equals = pair.indexOf('=');
      String key = decode(equals < 0 ? pair : pair.substring(0, equals));
      String value = equals < 0 ? "" : decode(pair.substring(equals + 1));
      if (parameters.put(key, value) != null) {
        throw Failure.of(
            FailureCode.BAD_REFERENCE, "'%s' is given twice in one reference".formatted(key));
      }
    }
    return parameters;
  }

  /** Percent-decoded UTF-8. */
  static String decode(String text) {
    if (text.indexOf('%') < 0) {
      return text;
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    byte[] raw = text.getBytes(StandardCharsets.UTF_8);
    for (int at = 0; at < raw.length; at++) {
      if (raw[at] != '%') {
        bytes.write(raw[at]);
        continue;
      }
      int high = at + 2 < raw.length ? Character.digit((char) raw[at + 1], 16) : -1;
      int low = at + 2 < raw.length ? Character.digit((char) raw[at + 2], 16) : -1;
      if (high < 0 || low < 0) {
        throw badEncoding();
      }
      bytes.write(high << 4 | low);
      at += 2;
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes.toByteArray()))
          .toString();
    } catch (CharacterCodingException notUtf8) {
      throw badEncoding();
    }
  }

  /** The text as a message may show it: no user names, passwords, tokens, control characters. */
  static String redacted(String text) {
    String shown = USER_INFO.matcher(text).replaceAll("");
    if (!shown.contains("//")) {
      shown = BARE_USER_INFO.matcher(shown).replaceAll("");
    }
    shown = TOKEN_PARAMETER.matcher(shown).replaceAll("$1…");
    return shown.replaceAll("\\p{Cntrl}", "�");
  }

  private static Failure badEncoding() {
    return Failure.of(FailureCode.BAD_REFERENCE, "The reference has a '%' that encodes nothing")
        .because("in an address '%' is followed by two hexadecimal digits; '%' itself is '%25'");
  }

  private static String encode(String text, String alsoKept) {
    StringBuilder encoded = new StringBuilder();
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      if (b > 0 && (UNRESERVED.indexOf(b) >= 0 || alsoKept.indexOf(b) >= 0)) {
        encoded.append((char) b);
      } else {
        encoded.append("%%%02X".formatted(b & 0xff));
      }
    }
    return encoded.toString();
  }
}
