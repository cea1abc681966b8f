package dev.carousel.cli.bench;

import dev.carousel.cli.machine.Machine;
import dev.carousel.formats.json.Json;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What came of all devices, the fastest first. */
record BenchTable(Machine machine, Work work, List<Result> results) {
  BenchTable {
    results = results.stream().sorted(Comparator.comparing((Result result) -> !result.timed())
        .thenComparingDouble(result -> result.timed() ? result.median() : 0)).toList();
  }

  /** The fastest. */
  Optional<Result> best() {
    return results.stream().findFirst().filter(Result::timed);
  }

  double sequencesPerSecond(Result result) {
    return work.shape().batch() / result.median();
  }

  /** How much of the fastest's speed it has. */
  double ratio(Result result) {
    return best().map(fastest -> fastest.median() / result.median()).orElse(1.0);
  }

  /** What was run, and on what. */
  String title() {
    return work.shape() + ", " + work.threads() + (work.threads() == 1 ? " thread" : " threads");
  }

  void print(PrintWriter out) {
    out.println(title() + "; " + machine);
    out.println();
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("device", "median", "from", "to", "sequences/s", "steps/s", "GFLOP/s", "ratio", "error"));
    for (Result result : results) {
      if (result.timed()) {
        double sequences = sequencesPerSecond(result);
        rows.add(List.of(result.device().id(), time(result.median()), time(result.lower()), time(result.upper()),
            number(sequences), number(sequences * work.shape().steps()),
            number(work.operations() / result.median() / 1e9),
            share(ratio(result)), String.format(Locale.ROOT, "%.3f", result.worst())));
      }
    }
    print(rows, out);
    for (Result result : results) {
      result.lost().ifPresent(reason -> out.println(result.device().id() + " was not timed: "
          + reason.strip().replaceAll("\\s*\\R\\s*", " ").replaceAll("\\p{Cntrl}", "?")));
    }
    out.println();
    out.println(
        "Times are of one pass, the median of all turns and their middle half; ratio is the part of the fastest's"
            + " speed; error is the worst in units of the tolerance, of which 1 is just allowed.");
    out.flush();
  }

  private static void print(List<List<String>> rows, PrintWriter out) {
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int column = 0; column < row.size(); column++) {
        int at = column;
        int width = rows.stream().mapToInt(other -> other.get(at).length()).max().orElse(0);
        String space = " ".repeat(width - row.get(column).length());
        line.append(column == 0 ? row.get(column) + space : space + row.get(column)).append("  ");
      }
      out.println(line.toString().stripTrailing());
    }
  }

  /** Four digits that count, in a unit that fits. */
  static String time(double seconds) {
    return seconds >= 1 ? String.format(Locale.ROOT, "%.2f s", seconds)
        : seconds >= 1e-3 ? String.format(Locale.ROOT, seconds >= 0.1 ? "%.0f ms" : "%.2f ms", seconds * 1e3)
            : String.format(Locale.ROOT, "%.1f µs", seconds * 1e6);
  }

  /** Whole from a hundred on. */
  static String number(double value) {
    return String.format(Locale.ROOT, value >= 100 ? "%,.0f" : value >= 10 ? "%.1f" : "%.2f", value);
  }

  /** A part of one, with three digits that count. */
  static String share(double part) {
    return String.format(Locale.ROOT, part >= 0.01 ? "%.3f" : part >= 0.001 ? "%.4f" : "%.1e", part);
  }

  /**
   * The same: machine, shape, threads, operations of a pass, and devices, each with id, description, and lost, which says
   * why it was not timed; else with worst, the times of a pass in seconds (median; lower and upper, between which the
   * middle half of the turns is), turns, sequences_per_second, steps_per_second, gflops and ratio.
   */
  Json json() {
    return Json.object("machine", machine.json(), "shape", work.shape().toString(), "threads", work.threads(),
        "operations", work.operations(), "devices", results.stream().map(this::json).toList());
  }

  private Json json(Result result) {
    if (!result.timed()) {
      return Json.object("id", result.device().id(), "description", result.device().description(), "lost",
          result.lost());
    }
    return Json.object("id", result.device().id(), "description", result.device().description(), "lost",
        result.lost(), "worst", result.worst(), "median", result.median(), "lower", result.lower(), "upper",
        result.upper(), "turns", result.seconds().size(), "sequences_per_second", sequencesPerSecond(result),
        "steps_per_second", sequencesPerSecond(result) * work.shape().steps(), "gflops",
        work.operations() / result.median() / 1e9, "ratio", ratio(result));
  }
}
