package dev.codchi.hostintegration;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Files of X cookies, in the format of Xau(3): entries of a family (two bytes, the most significant
 * first) and four texts, each with its length in two bytes: address, display number, protocol,
 * cookie.
 */
final class XCookies {
  /** The only protocol in use on local displays. */
  static final String PROTOCOL = "MIT-MAGIC-COOKIE-1";

  /** An entry for any host, {@code FamilyWild} of Xauth.h. */
  private static final int ANY_HOST = 0xffff;

  /** Displays of this computer, {@code FamilyLocal} of Xauth.h. */
  private static final int THIS_HOST = 256;

  private XCookies() {}

  private record Entry(int family, String number, String protocol, byte[] cookie) {}

  /**
   * The cookies of a file that may fit a local display, the likeliest first; none where it cannot
   * be read or is damaged from there on.
   */
  static List<byte[]> read(Path file, XDisplay display) {
    List<Entry> entries = new ArrayList<>();
    try (DataInputStream in =
        new DataInputStream(new ByteArrayInputStream(Files.readAllBytes(file)))) {
      while (in.available() > 0) {
        int family = in.readUnsignedShort();
        text(in);
        String number = new String(text(in), StandardCharsets.US_ASCII);
        String protocol = new String(text(in), StandardCharsets.US_ASCII);
        entries.add(new Entry(family, number, protocol, text(in)));
      }
    } catch (IOException absentOrDamaged) {
      // What was read counts.
    }
    return entries.stream()
        .filter(one -> one.protocol().equals(PROTOCOL))
        .filter(one -> one.family() == THIS_HOST || one.family() == ANY_HOST)
        .filter(one ->
            one.number().isEmpty() || one.number().equals(Integer.toString(display.number())))
        .sorted((a, b) -> Boolean.compare(a.number().isEmpty(), b.number().isEmpty()))
        .map(Entry::cookie)
        .toList();
  }

  private static byte[] text(DataInputStream in) throws IOException {
    int length = in.readUnsignedShort();
    byte[] text = in.readNBytes(length);
    if (text.length < length) {
      throw new EOFException("an entry is cut off");
    }
    return text;
  }

  /** The only cookie of a file that {@link #only} made. */
  static Optional<byte[]> readOnly(Path file) {
    return read(file, new XDisplay(0)).stream().findFirst();
  }

  /** A file with one cookie, for any host and any display. */
  static byte[] only(byte[] cookie) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeShort(ANY_HOST);
      out.writeShort(0);
      out.writeShort(0);
      byte[] protocol = PROTOCOL.getBytes(StandardCharsets.US_ASCII);
      out.writeShort(protocol.length);
      out.write(protocol);
      out.writeShort(cookie.length);
      out.write(cookie);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return bytes.toByteArray();
  }
}
