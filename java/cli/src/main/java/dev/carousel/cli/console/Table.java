package dev.carousel.cli.console;

import dev.carousel.spi.form.Legible;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/** Lines of legible cells that stand below each other; the last cell of a line is as wide as it is. */
public final class Table {
  private static final int GAP = 2;

  private final List<List<String>> lines = new ArrayList<>();

  /** Adds a line. */
  public void add(Object... cells) {
    List<String> line = new ArrayList<>();
    for (Object cell : cells) {
      line.add(Legible.message(cell.toString()));
    }
    lines.add(line);
  }

  /** Prints all lines. */
  public void print(PrintWriter out) {
    for (List<String> line : lines) {
      StringBuilder text = new StringBuilder();
      for (int column = 0; column < line.size(); column++) {
        text.append(line.get(column));
        if (column < line.size() - 1) {
          text.repeat(' ', GAP + width(column) - line.get(column).length());
        }
      }
      out.println(text.toString().stripTrailing());
    }
  }

  private int width(int column) {
    return lines.stream().filter(line -> column < line.size() - 1).mapToInt(line -> line.get(column).length()).max()
        .orElse(0);
  }
}
