package dev.carousel.bench;

import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.json.Json;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The results as a page of Markdown. */
final class Page {
  private static final List<String> LIBRARIES = List.of("onnxruntime", "pytorch", "pytorch-engine", "dnnl",
      "deeplearning4j-nn", "openblas"); // those that engines run on; the rest stands in machine.json
  private static final String LEGEND = """

      Times are medians of all rounds of all processes, in milliseconds a call; bold is the quickest. The ratio is that of
      the first engine to the best peer: below 1 it is faster. Its share of the peak is of what so many threads do on
      registers alone, all at the same time.
      """;

  private Page() {}

  /**
   * The page.
   *
   * @param files the rows of each file
   * @param charts the names of each file's charts
   */
  static String of(Json machine, Map<String, List<Row>> files, Map<String, List<String>> charts)
      throws FormatException {
    StringBuilder page = new StringBuilder("# The race, " + machine.get("date").text() + "\n\n");
    page.append(machine(machine)).append(LEGEND);
    for (Map.Entry<String, List<Row>> file : files.entrySet()) {
      page.append("\n## ").append(file.getKey()).append("\n\n").append(Table.summary(file.getValue())).append('\n');
      charts.getOrDefault(file.getKey(), List.of())
          .forEach(chart -> page.append("![").append(file.getKey()).append("](").append(chart).append(")\n\n"));
      page.append(medians(file.getValue())).append(details(file.getValue()));
    }
    return page.toString();
  }

  private static String machine(Json machine) throws FormatException {
    StringBuilder text = new StringBuilder();
    text.append(String.format(Locale.ROOT, "%s, %d processors, %s, %s, Java %s. %d processes, one after the other, "
        + "each %s s for an engine, shape and number of threads.%n%n", machine.get("processor").text(),
        machine.get("processors").whole(), machine.get("memory").text(), machine.get("system").text(),
        machine.get("java").text(), machine.get("forks").whole(), machine.get("seconds").number()));
    List<String> versions = new ArrayList<>();
    for (String name : LIBRARIES) {
      Optional<Json> version = machine.get("libraries").find(name);
      if (version.isPresent()) {
        versions.add(name + " " + version.get().text());
      }
    }
    text.append("Libraries: ").append(String.join(", ", versions)).append(".\n");
    return text.append(peaks(machine)).toString();
  }

  private static String peaks(Json machine) throws FormatException {
    List<Peak> peaks = new ArrayList<>();
    for (Json peak : machine.get("peaks").items()) {
      peaks.add(new Peak((int) peak.get("threads").whole(), peak.get("gflops").number(),
          peak.get("gigabytes").number()));
    }
    return peaks.stream().map(Peak::threads).distinct().sorted(Comparator.naturalOrder())
        .map(threads -> String.format(Locale.ROOT, "%nThe machine at its best, %s: %.0f GFLOP/s on registers, %.0f GB/s"
            + " from memory.%n", Table.threads(threads), Peak.best(peaks, threads, Peak::gigaflops),
            Peak.best(peaks, threads, Peak::gigabytes)))
        .collect(Collectors.joining());
  }

  /** A line for each contest, a column for each engine. */
  private static String medians(List<Row> rows) {
    List<String> engines = rows.stream().map(Row::engine).distinct().toList();
    StringBuilder table = new StringBuilder();
    line(table, "shape", "threads", String.join(" | ", engines), "of peak", "best peer", "ratio");
    line(table, "---", "--:", "--: | ".repeat(engines.size() - 1) + "--:", "--:", "---", "--:");
    for (List<Row> contest : contests(rows)) {
      Row first = contest.getFirst();
      double quickest = contest.stream().filter(Row::timed).mapToDouble(row -> row.times().median()).min().orElse(0);
      String times = contest.stream().map(row -> cell(row, quickest)).collect(Collectors.joining(" | "));
      line(table, first.shape().name(), "" + first.threads(), times, Table.percent(first.shareOfPeak()),
          Engines.isPeer(first.bestPeer()) ? first.bestPeer() : "", number("%.3f", first.ratio()));
    }
    return table.toString();
  }

  private static String cell(Row row, double quickest) {
    String time = Table.time(row.times().median());
    return switch (row.standing()) {
      case TIMED -> row.times().median() <= quickest ? "**" + time + "**" : time;
      case DECLINED -> "–";
      case FAILED -> "failed";
    };
  }

  /** Everything that is known of every row, behind a fold. */
  private static String details(List<Row> rows) {
    StringBuilder table = new StringBuilder("\n<details><summary>Every engine, with spread</summary>\n\n");
    line(table, "shape", "threads", "engine", "least", "lower quartile", "median", "upper quartile", "most",
        "medians of the processes", "GFLOP/s", "of peak", "ratio", "pairs", "error", "");
    line(table, "---", "--:", "---", "--:", "--:", "--:", "--:", "--:", "---", "--:", "--:", "--:", "--:", "--:",
        "---");
    for (Row row : rows) {
      Times times = row.times();
      String forks = times.forks().stream().map(Table::time).collect(Collectors.joining(", "));
      line(table, row.shape().name(), "" + row.threads(), row.engine(), time(times.least()), time(times.lower()),
          time(times.median()), time(times.upper()), time(times.most()), forks, number("%.1f", row.gigaflops()),
          Table.percent(row.shareOfPeak()), number("%.3f", row.ratio()), number("%.3f", row.pairs()),
          number("%.1e", row.error()), row.reason().replace("|", "\\|"));
    }
    return table.append("\n</details>\n").toString();
  }

  private static List<List<Row>> contests(List<Row> rows) {
    record Contest(Shape shape, int threads) {}
    Map<Contest, List<Row>> contests = new LinkedHashMap<>();
    rows.forEach(row -> contests.computeIfAbsent(new Contest(row.shape(), row.threads()), _ -> new ArrayList<>())
        .add(row));
    return List.copyOf(contests.values());
  }

  private static String time(double milliseconds) {
    return Double.isNaN(milliseconds) ? "" : Table.time(milliseconds);
  }

  private static String number(String format, double number) {
    return Double.isFinite(number) ? String.format(Locale.ROOT, format, number) : "";
  }

  private static void line(StringBuilder table, String... cells) {
    table.append("| ").append(String.join(" | ", cells)).append(" |\n");
  }
}
