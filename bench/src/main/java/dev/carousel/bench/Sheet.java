package dev.carousel.bench;

import dev.carousel.formats.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What a measurement found: rows of text and numbers under the names of their columns, as a table and as JSON.
 *
 * @param name of the file that it goes to
 * @param title what was measured, in a sentence or more
 */
record Sheet(String name, String title, List<String> columns, List<List<Object>> rows) {
  Sheet {
    columns = List.copyOf(columns);
    rows = rows.stream().map(List::copyOf).toList();
    for (List<Object> row : rows) {
      if (row.size() != columns.size()) {
        throw new IllegalArgumentException("A row of " + row.size() + " values was given for " + columns + ".");
      }
    }
  }

  /** A table: the title, the names, the rows; numbers stand to the right. */
  String table() {
    List<List<String>> lines = new ArrayList<>(List.of(columns));
    rows.forEach(row -> lines.add(row.stream().map(Sheet::text).toList()));
    int[] widths = IntStream.range(0, columns.size())
        .map(column -> lines.stream().mapToInt(line -> line.get(column).length()).max().orElse(0)).toArray();
    return title + lines.stream().map(line -> line(line, widths)).collect(Collectors.joining("\n", "\n", "\n"));
  }

  private String line(List<String> cells, int[] widths) {
    return IntStream.range(0, cells.size()).mapToObj(column -> {
      boolean number = rows.stream().anyMatch(row -> row.get(column) instanceof Number);
      return String.format("%" + (number ? "" : "-") + widths[column] + "s", cells.get(column));
    }).collect(Collectors.joining("  ")).stripTrailing();
  }

  /** Four digits that count; whole numbers as they are. */
  private static String text(Object value) {
    return switch (value) {
      case Double number when number.isNaN() -> "";
      case Double number -> {
        double size = Math.abs(number);
        yield String.format(Locale.ROOT, size < 1 ? "%.4f" : size < 10 ? "%.3f" : size < 100 ? "%.2f" : "%.1f", number);
      }
      default -> value.toString();
    };
  }

  /** Writes it as JSON into a folder: what the machine is, then an object for each row. */
  void write(Path folder) throws IOException {
    List<Map<String, Object>> objects = new ArrayList<>();
    for (List<Object> row : rows) {
      Map<String, Object> object = new LinkedHashMap<>();
      IntStream.range(0, columns.size()).forEach(column -> object.put(columns.get(column), row.get(column)));
      objects.add(object);
    }
    Files.createDirectories(folder);
    Files.writeString(folder.resolve(name + ".json"), Json.object("measurement", name, "about", title, "machine",
        Machine.processor(), "processors", Runtime.getRuntime().availableProcessors(), "java",
        System.getProperty("java.runtime.version", ""), "rows", objects).pretty() + "\n");
  }
}
