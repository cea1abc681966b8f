package dev.carousel.bench;

import dev.carousel.formats.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a race leaves in a folder: the rows and the machine as JSON, a page, charts. */
record Report(Json machine, List<Row> rows) {
  static final String PAGE = "results.md";
  private static final String ROWS = "results.json";
  private static final String MACHINE = "machine.json";

  Report {
    rows = List.copyOf(rows);
  }

  void write(Path folder) throws IOException {
    Files.writeString(folder.resolve(ROWS), Row.write(rows));
    Files.writeString(folder.resolve(MACHINE), machine.pretty() + "\n");
    draw(folder);
  }

  /** Writes the page and the charts again from the results in a folder. */
  static void redraw(Path folder) throws IOException {
    new Report(Json.parse(Files.readString(folder.resolve(MACHINE))),
        Row.read(Files.readString(folder.resolve(ROWS)))).draw(folder);
  }

  private void draw(Path folder) throws IOException {
    Map<String, List<String>> charts = new LinkedHashMap<>();
    for (Map.Entry<String, List<Row>> file : files().entrySet()) {
      Map<String, String> pictures = new Charts(file.getValue()).draw();
      charts.put(file.getKey(), List.copyOf(pictures.keySet()));
      for (Map.Entry<String, String> picture : pictures.entrySet()) {
        Files.writeString(folder.resolve(picture.getKey()), picture.getValue());
      }
    }
    Files.writeString(folder.resolve(PAGE), Page.of(machine, files(), charts));
  }

  /** The rows by the names of their files, in the order of the race. */
  private Map<String, List<Row>> files() {
    Map<String, List<Row>> files = new LinkedHashMap<>();
    rows.forEach(row -> files.computeIfAbsent(row.file(), _ -> new ArrayList<>()).add(row));
    return files;
  }
}
