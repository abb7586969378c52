package dev.codchi.machines;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** The table {@code references.txt}, which says how it is read. */
final class ReferenceTable {
  record Row(String pasted, String canonical, String nix, List<String> remarks) {
    @Override
    public String toString() {
      return pasted;
    }
  }

  private ReferenceTable() {}

  static Stream<Row> rows() {
    try (InputStream table = ReferenceTable.class.getResourceAsStream("references.txt")) {
      String text = new String(table.readAllBytes(), StandardCharsets.UTF_8);
      return text.lines()
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .map(ReferenceTable::row);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Row row(String line) {
    String[] columns = line.split(" ->", -1);
    if (columns.length != 4) {
      throw new IllegalArgumentException(line);
    }
    String canonical = columns[1].strip().equals("=") ? columns[0] : columns[1].strip();
    String nix = columns[2].strip().equals("=") ? canonical : columns[2].strip();
    List<String> remarks =
        columns[3].isBlank()
            ? List.of()
            : Arrays.stream(columns[3].split("; (?=[A-Z])", -1)).map(String::strip).toList();
    return new Row(columns[0], canonical, nix, remarks);
  }
}
