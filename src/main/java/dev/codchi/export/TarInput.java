package dev.codchi.export;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads an archive member by member and keeps the bytes of the headers, so that members can be
 * copied as they are. Needs constant memory whatever the archive says.
 *
 * <p>Why not a library: what GNU tar wrote has to come out with the same bytes (sparse maps,
 * attributes, names that are no UTF-8), and what a stranger wrote has to be refused before anything
 * is allocated for it. Formats: POSIX.1-2017, "pax", ustar and extended headers; GNU tar manual,
 * "Storing Sparse Files" and "Basic Tar Format" (types {@code L}, {@code K}, {@code S}).
 */
final class TarInput {
  static final int BLOCK = 512;

  /** All headers of one member together; a name has at most 4096 bytes on Linux. */
  private static final int MOST_HEADERS = 1024 * 1024;

  private static final Pattern SPARSE_NAME = Pattern.compile("/GNUSparseFile\\.([0-9]+)/");

  private static final int BUFFER = 256 * 1024;

  private final ReadableByteChannel source;
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER).flip();
  private final Map<String, String> global = new HashMap<>();
  private byte[] headers = new byte[4 * BLOCK];
  private int headersLength;
  private long remaining;
  private long received;
  private boolean ended;

  TarInput(ReadableByteChannel source) {
    this.source = source;
  }

  /**
   * The next member; nothing at the end. Content that was not read is skipped.
   *
   * @throws DamagedArchive when there is no archive, or a broken one
   */
  @Nullable TarEntry next() throws IOException {
    skip();
    if (ended) {
      return null;
    }
    headersLength = 0;
    Map<String, String> own = new HashMap<>(global);
    String longName = null;
    String longLink = null;
    while (true) {
      int at = headersLength;
      if (!readBlock(at == 0)) {
        return null;
      }
      if (isZero(at)) {
        if (at != 0) {
          throw new DamagedArchive("it ends in the middle of a member's headers");
        }
        ended = true;
        return null;
      }
      verifyChecksum(at);
      char type = (char) (headers[at + 156] & 0xff);
      long size = number(at + 124, 12);
      switch (type) {
        case 'x', 'g', 'L', 'K' -> {
          int content = readContent(size);
          if (type == 'x') {
            records(content, (int) size, own);
          } else if (type == 'g') {
            records(content, (int) size, global);
            own.putAll(global);
          } else if (type == 'L') {
            longName = text(content, (int) size);
          } else {
            longLink = text(content, (int) size);
          }
        }
        default -> {
          return entry(
              at, type == 0 || type == '7' ? TarEntry.FILE : type, own, longName, longLink);
        }
      }
    }
  }

  private TarEntry entry(
      int at,
      char type,
      Map<String, String> extended,
      @Nullable String longName,
      @Nullable String longLink)
      throws IOException {
    String name = longName;
    if (name == null) {
      name = text(at, 100);
      boolean posix = text(at + 257, 6).equals("ustar");
      String prefix = posix ? text(at + 345, 155) : "";
      name = prefix.isEmpty() ? name : prefix + "/" + name;
    }
    name = extended.getOrDefault("path", name);
    if (extended.containsKey("GNU.sparse.name")) {
      name = extended.getOrDefault("GNU.sparse.name", name);
      steadySparseName(at);
    }
    String link = longLink == null ? text(at + 157, 100) : longLink;
    link = extended.getOrDefault("linkpath", link);
    boolean links = type == TarEntry.HARD_LINK || type == TarEntry.SYMBOLIC_LINK;
    long stored = decimal(extended.get("size"), number(at + 124, 12));
    if (stored < 0 || stored > Long.MAX_VALUE - BLOCK) {
      throw new DamagedArchive("a member has an impossible size");
    }
    if (links || type == TarEntry.DIRECTORY || type == TarEntry.PIPE) {
      stored = links ? 0 : stored;
    }
    long size = stored;
    if (type == TarEntry.SPARSE) {
      size = number(at + 483, 12);
      int extension = at + 482;
      while (headers[extension] != 0) {
        int more = headersLength;
        readBlock(false);
        extension = more + 504;
      }
    }
    size = decimal(extended.get("GNU.sparse.realsize"), size);
    size = decimal(extended.get("GNU.sparse.size"), size);
    long device = number(at + 329, 8) << 32 | number(at + 337, 8);
    remaining = rounded(stored);
    return new TarEntry(name, type, links ? link : "", stored, size, device);
  }

  /**
   * GNU tar puts the number of its process into the name that programs without sparse files see
   * ({@code DIRECTORY/GNUSparseFile.PID/NAME}); it becomes 0, so that equal trees give equal
   * archives.
   */
  private void steadySparseName(int at) {
    String before = latin(0, headersLength);
    String own = text(at, 100);
    String steady = SPARSE_NAME.matcher(own).replaceFirst("/GNUSparseFile.0/");
    byte[] name = steady.getBytes(StandardCharsets.ISO_8859_1);
    Arrays.fill(headers, at, at + 100, (byte) 0);
    System.arraycopy(name, 0, headers, at, name.length);
    // In an extended header the name must keep its length.
    Matcher matcher = SPARSE_NAME.matcher(before).region(0, at);
    while (matcher.find()) {
      Arrays.fill(headers, matcher.start(1), matcher.end(1), (byte) '0');
    }
    seal(at);
  }

  private void seal(int at) {
    int sum = 0;
    for (int i = 0; i < BLOCK; i++) {
      sum += i >= 148 && i < 156 ? ' ' : headers[at + i] & 0xff;
    }
    byte[] digits = "%06o\0 ".formatted(sum).getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(digits, 0, headers, at + 148, digits.length);
  }

  /** How many bytes of the source lie before the present member's content. */
  long consumed() {
    return received - buffer.remaining();
  }

  /** Copies the present member as it is: headers, content, padding. */
  void copyTo(BlockOutput target) throws IOException {
    target.write(headers, 0, headersLength);
    while (remaining > 0) {
      fill();
      int count = (int) Math.min(remaining, buffer.remaining());
      target.write(buffer.slice(buffer.position(), count));
      buffer.position(buffer.position() + count);
      remaining -= count;
    }
  }

  /** The present member's whole content, which has at most {@code most} bytes. */
  byte[] content(TarEntry entry, int most) throws IOException {
    if (entry.stored() > most) {
      throw new DamagedArchive(entry.name() + " is larger than " + most + " bytes");
    }
    byte[] content = new byte[(int) entry.stored()];
    int done = 0;
    while (done < content.length) {
      fill();
      int count = Math.min(content.length - done, buffer.remaining());
      buffer.get(content, done, count);
      done += count;
    }
    remaining -= content.length;
    return content;
  }

  /** Reads the source to its end, behind the end of the archive; what is there does not count. */
  void drain() throws IOException {
    do {
      buffer.clear();
    } while (source.read(buffer) >= 0);
    buffer.flip();
  }

  private void skip() throws IOException {
    while (remaining > 0) {
      fill();
      int count = (int) Math.min(remaining, buffer.remaining());
      buffer.position(buffer.position() + count);
      remaining -= count;
    }
  }

  /** Makes sure that at least one byte can be taken from the buffer. */
  private void fill() throws IOException {
    if (!buffer.hasRemaining() && !more()) {
      throw new EOFException("the archive ends in the middle of a member");
    }
  }

  private boolean more() throws IOException {
    buffer.compact();
    int count = source.read(buffer);
    received += Math.max(0, count);
    buffer.flip();
    return count >= 0 || buffer.hasRemaining();
  }

  /** Adds a block to the headers; false at the end of the source, where that is allowed. */
  private boolean readBlock(boolean mayEnd) throws IOException {
    grow(BLOCK);
    while (buffer.remaining() < BLOCK) {
      int before = buffer.remaining();
      if (!more() || buffer.remaining() == before) {
        if (mayEnd && buffer.remaining() == 0) {
          throw new EOFException("the archive has no end mark");
        }
        throw new EOFException("the archive ends in the middle of a header");
      }
    }
    buffer.get(headers, headersLength, BLOCK);
    headersLength += BLOCK;
    return true;
  }

  /** Adds the content of an extended header to the headers; tells where it begins. */
  private int readContent(long size) throws IOException {
    if (size < 0 || size > MOST_HEADERS) {
      throw new DamagedArchive("a member has a header of " + size + " bytes");
    }
    int begin = headersLength;
    for (long left = rounded(size); left > 0; left -= BLOCK) {
      readBlock(false);
    }
    return begin;
  }

  private void grow(int by) throws DamagedArchive {
    if (headersLength + by > MOST_HEADERS + 16 * BLOCK) {
      throw new DamagedArchive("a member has more headers than any file needs");
    }
    if (headersLength + by > headers.length) {
      headers = Arrays.copyOf(headers, headers.length * 2);
    }
  }

  private boolean isZero(int at) {
    for (int i = 0; i < BLOCK; i++) {
      if (headers[at + i] != 0) {
        return false;
      }
    }
    return true;
  }

  /** The sum of all bytes, those of the checksum counted as blanks. */
  private void verifyChecksum(int at) throws IOException {
    long wanted = number(at + 148, 8);
    long sum = 0;
    for (int i = 0; i < BLOCK; i++) {
      sum += i >= 148 && i < 156 ? ' ' : headers[at + i] & 0xff;
    }
    if (sum != wanted) {
      throw new DamagedArchive("a header's checksum is wrong, or this is no tar archive");
    }
  }

  /** Records {@code LENGTH KEY=VALUE\n}; the length counts itself and the line's end. */
  private void records(int begin, int size, Map<String, String> into) throws IOException {
    int at = begin;
    int end = begin + size;
    while (at < end && headers[at] != 0) {
      int blank = at;
      long length = 0;
      while (blank < end && headers[blank] >= '0' && headers[blank] <= '9') {
        length = length * 10 + (headers[blank] - '0');
        if (length > size) {
          throw new DamagedArchive("an extended header is damaged");
        }
        blank++;
      }
      int next = at + (int) length;
      int equals = blank;
      while (equals < end && headers[equals] != '=') {
        equals++;
      }
      if (blank == at || next > end || equals >= next || headers[next - 1] != '\n') {
        throw new DamagedArchive("an extended header is damaged");
      }
      String key = latin(blank + 1, equals);
      // Repeated records of a sparse map need not be kept; the last of anything else counts.
      into.put(key, key.startsWith("SCHILY.") ? "" : latin(equals + 1, next - 1));
      at = next;
    }
  }

  private String latin(int begin, int end) {
    return new String(headers, begin, Math.max(0, end - begin), StandardCharsets.ISO_8859_1);
  }

  /** Bytes up to the first NUL. */
  private String text(int at, int most) {
    int end = at;
    while (end < at + most && headers[end] != 0) {
      end++;
    }
    return latin(at, end);
  }

  /** A number in octal digits, or in base 256 where the first bit is set (GNU tar). */
  private long number(int at, int length) throws IOException {
    if ((headers[at] & 0x80) != 0) {
      long value = headers[at] & 0x3f;
      for (int i = 1; i < length; i++) {
        if (value >> 54 != 0) {
          throw new DamagedArchive("a number in a header is too large");
        }
        value = value << 8 | headers[at + i] & 0xff;
      }
      return (headers[at] & 0x40) != 0 ? -1 : value;
    }
    String digits = text(at, length).strip();
    if (digits.isEmpty()) {
      return 0;
    }
    try {
      return Long.parseLong(digits, 8);
    } catch (NumberFormatException wrong) {
      throw new DamagedArchive("a number in a header is damaged");
    }
  }

  private static long decimal(@Nullable String text, long otherwise) throws IOException {
    if (text == null) {
      return otherwise;
    }
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException wrong) {
      throw new DamagedArchive("a number in an extended header is damaged");
    }
  }

  private static long rounded(long size) {
    return (size + BLOCK - 1) / BLOCK * BLOCK;
  }

  /** The archive cannot be what it should be. */
  static final class DamagedArchive extends IOException {
    private static final long serialVersionUID = 1;

    DamagedArchive(String why) {
      super(why);
    }
  }
}
