package dev.codchi.export;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** How an archive is packed; the store's own programs do it, which every store has. */
public enum Compression {
  /** As it is. */
  NONE("", List.of(), List.of()),
  /** zstd, on all processors. */
  ZSTD(".zst", List.of("-q", "-c"), List.of("-q", "-d", "-c", "--memory=512MB")),
  /** gzip, without a time stamp, so that equal trees give equal files. */
  GZIP(".gz", List.of("-n", "-c"), List.of("-d", "-c")),
  /** xz, on all processors. */
  XZ(
      ".xz",
      List.of("-q", "-c", "--memlimit-compress=2GiB"),
      List.of("-q", "-d", "-c", "--memlimit=512MiB"));

  /**
   * What xz writes with one thread differs from what it writes with several, which is the same for
   * any number; zstd's is always the same.
   */
  private static final int FEWEST_THREADS = 2;

  private final String suffix;
  private final List<String> pack;
  private final List<String> unpack;

  Compression(String suffix, List<String> pack, List<String> unpack) {
    this.suffix = suffix;
    this.pack = pack;
    this.unpack = unpack;
  }

  /** The program, where there is one. */
  Optional<String> program() {
    return this == NONE ? Optional.empty() : Optional.of(name().toLowerCase(Locale.ROOT));
  }

  /**
   * The program's arguments for packing. The number of threads is that of the host's processors:
   * left to themselves zstd counts cores, not processors, and both what a container shows.
   */
  List<String> packing() {
    if (this != ZSTD && this != XZ) {
      return pack;
    }
    List<String> arguments = new ArrayList<>(pack);
    arguments.add("-T" + Math.max(FEWEST_THREADS, Runtime.getRuntime().availableProcessors()));
    return arguments;
  }

  /** The program's arguments for unpacking. */
  List<String> unpacking() {
    return unpack;
  }

  /** What a file's name asks for: {@code .zst}, {@code .gz}, {@code .tgz}, {@code .xz}. */
  static Compression ofName(String name) {
    for (Compression each : values()) {
      if (each != NONE && name.endsWith(each.suffix)) {
        return each;
      }
    }
    return name.endsWith(".tgz") ? GZIP : NONE;
  }

  /**
   * What the first bytes of a file say (RFC 8878 §3.1.1, RFC 1952 §2.3.1, xz file format 2.1.1).
   */
  static Compression ofMagic(byte[] first) {
    if (begins(first, 0x28, 0xb5, 0x2f, 0xfd)) {
      return ZSTD;
    }
    if (begins(first, 0x1f, 0x8b)) {
      return GZIP;
    }
    return begins(first, 0xfd, '7', 'z', 'X', 'Z', 0) ? XZ : NONE;
  }

  private static boolean begins(byte[] bytes, int... magic) {
    for (int i = 0; i < magic.length; i++) {
      if (i >= bytes.length || (bytes[i] & 0xff) != magic[i]) {
        return false;
      }
    }
    return true;
  }
}
