package dev.codchi.machines;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How the packages of two systems differ, from what {@code nix store diff-closures} prints: lines
 * of the form {@code NAME: VERSIONS → VERSIONS, SIZE}, where one of the two parts may be missing.
 * Packages whose versions are the same and whose size hardly differs are left out by nix.
 *
 * @param changes sorted by name
 */
public record ClosureDiff(List<Change> changes) {
  /** What happened to a package. */
  public enum Kind {
    ADDED,
    REMOVED,
    UPDATED
  }

  /**
   * One package.
   *
   * @param name its name without the version
   * @param kind what happened to it
   * @param before its versions before, empty where nix names none
   * @param after its versions after, empty where nix names none
   * @param bytes by how much it grew (negative: shrank), 0 where nix does not say
   */
  public record Change(String name, Kind kind, String before, String after, long bytes) {
    /** For people, for example {@code updated hello 2.10 → 2.12 (+12.0 KiB)}. */
    public String describe() {
      String versions =
          before.isEmpty() || after.isEmpty()
              ? before + after
              : before.equals(after) ? before : before + " → " + after;
      String size = bytes == 0 ? "" : " (" + signed(bytes) + ")";
      return kind.name().toLowerCase(Locale.ROOT)
          + " "
          + name
          + (versions.isEmpty() ? "" : " " + versions)
          + size;
    }
  }

  private static final Pattern COLOUR = Pattern.compile("\u001b\\[[0-9;]*m");
  private static final Pattern LINE =
      Pattern.compile(
          "(?<name>[^:]+): (?:(?<before>.+) → (?<after>[^+]+?))?(?:, )?(?<size>[+-][0-9.]+ [KMGT]?i?B)?");
  private static final Pattern SIZE = Pattern.compile("([+-][0-9.]+) ([KMGT]?)i?B");

  /** nix's sign for "not there". */
  private static final String ABSENT = "∅";

  /** nix's sign for "there, without a version". */
  private static final String NAMELESS = "ε";

  private static final long KIB = 1024;

  /** Copies the list. */
  public ClosureDiff {
    changes = List.copyOf(changes);
  }

  /** No difference. */
  public static ClosureDiff none() {
    return new ClosureDiff(List.of());
  }

  /** Reads what nix printed; lines of another form are left out. */
  static ClosureDiff parse(String printed) {
    List<Change> changes = new ArrayList<>();
    for (String line : COLOUR.matcher(printed).replaceAll("").split("\n", -1)) {
      Matcher matcher = LINE.matcher(line.strip());
      if (matcher.matches()) {
        changes.add(change(matcher));
      }
    }
    return new ClosureDiff(changes);
  }

  private static Change change(Matcher line) {
    String before = line.group("before") == null ? "" : line.group("before").strip();
    String after = line.group("after") == null ? "" : line.group("after").strip();
    Kind kind =
        before.equals(ABSENT) ? Kind.ADDED : after.equals(ABSENT) ? Kind.REMOVED : Kind.UPDATED;
    String size = line.group("size");
    return new Change(
        line.group("name"),
        kind,
        versions(before),
        versions(after),
        size == null ? 0 : bytes(size));
  }

  private static String versions(String text) {
    return text.equals(ABSENT) || text.equals(NAMELESS) ? "" : text;
  }

  private static long bytes(String text) {
    Matcher size = SIZE.matcher(text);
    if (!size.matches()) {
      return 0;
    }
    double number = Double.parseDouble(size.group(1));
    int power = " KMGT".indexOf(size.group(2).isEmpty() ? " " : size.group(2));
    return Math.round(number * Math.pow(KIB, power));
  }

  /** By how much everything grew together, in bytes. */
  public long bytes() {
    return changes.stream().mapToLong(Change::bytes).sum();
  }

  /** A size for people, with its sign. */
  public static String signed(long bytes) {
    return (bytes < 0 ? "-" : "+") + size(Math.abs(bytes));
  }

  /** A size for people, for example {@code 1.5 MiB}. */
  public static String size(long bytes) {
    double number = bytes;
    String[] units = {"B", "KiB", "MiB", "GiB", "TiB"};
    int unit = 0;
    while (number >= KIB && unit < units.length - 1) {
      number /= KIB;
      unit++;
    }
    return unit == 0 ? bytes + " B" : String.format(Locale.ROOT, "%.1f %s", number, units[unit]);
  }
}
