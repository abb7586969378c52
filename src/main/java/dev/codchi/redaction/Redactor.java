package dev.codchi.redaction;

import java.io.ByteArrayOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Masks the values of secrets in text and in streams of bytes. It knows a value as it is, every
 * longer line of it, and its Base64, percent-encoded and JSON forms. Values shorter than {@value
 * #SHORTEST} bytes are not masked: they would take everything else with them. This is a net below
 * the rope, not the rope: a program that changes a value in another way gets through.
 */
public final class Redactor implements AutoCloseable {
  /** Shortest value that is masked, in bytes. */
  public static final int SHORTEST = 4;

  private static final byte[] MASK = "[secret]".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] HEX = "0123456789ABCDEF".getBytes(StandardCharsets.US_ASCII);
  private static final int SHORTEST_LINE = 8;
  private static final int PIECE = 4096;

  /** What to look for, by the first {@link #SHORTEST} bytes as a number; the longest come first. */
  private final Map<Integer, List<byte[]>> patterns = new HashMap<>();

  /** The beginnings of patterns that are shorter than that number, packed with their length. */
  private final Set<Integer> beginnings = new HashSet<>();

  /** Masks these values; they stay the caller's, who may wipe them at once. */
  public Redactor(Collection<byte[]> values) {
    for (byte[] value : values) {
      add(value, SHORTEST);
      lines(value).forEach(line -> add(line, SHORTEST_LINE));
    }
    patterns
        .values()
        .forEach(
            list -> list.sort(Comparator.comparingInt((byte[] each) -> each.length).reversed()));
  }

  /** The text with all values masked. */
  public String redact(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return new String(redact(bytes), StandardCharsets.UTF_8);
  }

  /** The bytes with all values masked. */
  public byte[] redact(byte[] bytes) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length);
    try {
      scan(bytes, bytes.length, true, out);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return out.toByteArray();
  }

  /**
   * A stream that masks values on their way to another one, also when they arrive in pieces. Only
   * bytes that may begin a value are held back; flushing does not release them, closing does.
   */
  public OutputStream wrap(OutputStream target) {
    return new Masking(target);
  }

  /** Wipes what it looks for. Idempotent; nothing is masked afterwards. */
  @Override
  public void close() {
    patterns.values().forEach(list -> list.forEach(each -> Arrays.fill(each, (byte) 0)));
    patterns.clear();
    beginnings.clear();
  }

  private final class Masking extends FilterOutputStream {
    private byte[] held = new byte[0];

    Masking(OutputStream target) {
      super(target);
    }

    @Override
    public void write(int single) throws IOException {
      write(new byte[] {(byte) single}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      byte[] all = Arrays.copyOf(held, held.length + length);
      System.arraycopy(bytes, offset, all, held.length, length);
      int done = scan(all, all.length, false, out);
      held = Arrays.copyOfRange(all, done, all.length);
    }

    @Override
    public void close() throws IOException {
      byte[] rest = held;
      held = new byte[0];
      scan(rest, rest.length, true, out);
      super.close();
    }
  }

  /** Writes what is certain, and returns how much of the input that was. */
  private int scan(byte[] input, int length, boolean isEnd, OutputStream to) throws IOException {
    int clean = 0;
    int at = 0;
    while (at < length) {
      if (length - at < SHORTEST) {
        if (!isEnd && beginnings.contains(beginning(input, at, length - at))) {
          break;
        }
        at++;
        continue;
      }
      int match = match(input, at, length, isEnd);
      if (match < 0) {
        break;
      }
      if (match > 0) {
        to.write(input, clean, at - clean);
        to.write(MASK);
        clean = at + match;
        at = clean;
      } else {
        at++;
      }
    }
    to.write(input, clean, at - clean);
    return at;
  }

  /** Length of the value at a place; 0 for none, -1 when more input decides. */
  private int match(byte[] input, int at, int length, boolean isEnd) {
    for (byte[] pattern : patterns.getOrDefault(number(input, at), List.of())) {
      int compared = Math.min(pattern.length, length - at);
      if (Arrays.equals(pattern, 0, compared, input, at, at + compared)) {
        if (compared == pattern.length) {
          return compared;
        }
        if (!isEnd) {
          return -1;
        }
      }
    }
    return 0;
  }

  private void add(byte[] value, int shortest) {
    if (value.length < shortest) {
      return;
    }
    addPieces(value.clone());
    byte[] encoded = Base64.getEncoder().withoutPadding().encode(value);
    addPieces(encoded);
    addPieces(Base64.getUrlEncoder().withoutPadding().encode(value));
    addPieces(percentEncoded(value));
    addPieces(jsonEscaped(value));
  }

  /** Long values are looked for piece by piece, so that no more than a piece is ever held back. */
  private void addPieces(byte[] whole) {
    for (int from = 0; from < whole.length; from += PIECE) {
      int to = Math.min(from + PIECE, whole.length);
      if (to - from >= SHORTEST) {
        addPattern(Arrays.copyOfRange(whole, from, to));
      }
    }
    Arrays.fill(whole, (byte) 0);
  }

  private void addPattern(byte[] pattern) {
    List<byte[]> same = patterns.computeIfAbsent(number(pattern, 0), key -> new ArrayList<>());
    if (same.stream().noneMatch(each -> Arrays.equals(each, pattern))) {
      same.add(pattern);
      for (int length = 1; length < SHORTEST; length++) {
        beginnings.add(beginning(pattern, 0, length));
      }
    }
  }

  private static List<byte[]> lines(byte[] value) {
    List<byte[]> lines = new ArrayList<>();
    int start = 0;
    for (int i = 0; i <= value.length; i++) {
      if (i == value.length || value[i] == '\n' || value[i] == '\r') {
        if (start > 0 || i < value.length) {
          lines.add(Arrays.copyOfRange(value, start, i));
        }
        start = i + 1;
      }
    }
    return lines;
  }

  private static byte[] percentEncoded(byte[] value) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(value.length);
    for (byte each : value) {
      int code = Byte.toUnsignedInt(each);
      if (code < 128 && (Character.isLetterOrDigit(code) || "-._~".indexOf(code) >= 0)) {
        out.write(code);
      } else {
        out.write('%');
        out.write(HEX[code >> 4]);
        out.write(HEX[code & 15]);
      }
    }
    return out.toByteArray();
  }

  private static byte[] jsonEscaped(byte[] value) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(value.length);
    for (byte each : value) {
      switch (each) {
        case '"', '\\' -> out.writeBytes(new byte[] {'\\', each});
        case '\n' -> out.writeBytes(new byte[] {'\\', 'n'});
        case '\r' -> out.writeBytes(new byte[] {'\\', 'r'});
        case '\t' -> out.writeBytes(new byte[] {'\\', 't'});
        default -> out.write(each);
      }
    }
    return out.toByteArray();
  }

  private static int number(byte[] bytes, int at) {
    return (bytes[at] << 24)
        | ((bytes[at + 1] & 0xff) << 16)
        | ((bytes[at + 2] & 0xff) << 8)
        | (bytes[at + 3] & 0xff);
  }

  private static int beginning(byte[] bytes, int at, int length) {
    int packed = length << 24;
    for (int i = 0; i < length; i++) {
      packed |= (bytes[at + i] & 0xff) << (8 * i);
    }
    return packed;
  }
}
