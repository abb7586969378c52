package dev.codchi.cli;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/** Text in columns that are as wide as their widest cell. */
final class Table {
  private final List<List<String>> rows = new ArrayList<>();

  Table(List<String> header) {
    rows.add(header);
  }

  void row(List<String> cells) {
    rows.add(cells);
  }

  void print(PrintStream out) {
    int columns = rows.get(0).size();
    int[] widths = new int[columns];
    for (List<String> row : rows) {
      for (int i = 0; i < columns; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    // In one write, whatever the number of rows.
    StringBuilder lines = new StringBuilder();
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < columns; i++) {
        line.append(row.get(i)).append(" ".repeat(widths[i] - row.get(i).length() + 2));
      }
      lines.append(line.toString().stripTrailing()).append(System.lineSeparator());
    }
    out.print(lines);
  }
}
