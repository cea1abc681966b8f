package dev.carousel.bench;

import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** Rows as text, a table for each shape and number of threads. */
final class Table {
  private static final String HEAD = String.format("  %-18s %9s %9s %9s %9s %8s %7s %7s %8s%n", "engine", "median ms",
      "min", "max", "GFLOP/s", "of peak", "ratio", "pairs", "error");

  private Table() {}

  /** What the columns mean. */
  static String legend() {
    return """
        ratio: the median as a part of the best peer's, which * marks; pairs: the median of the ratios of each round.
        error: the largest difference from the reference. of peak: of what so many threads do on registers alone.
        """;
  }

  /** The rows of one contest. */
  static String of(List<Row> rows) {
    Row first = rows.getFirst();
    StringBuilder table = new StringBuilder(String.format(Locale.ROOT, "%n%s: %s; %s%s%n", first.shape().name(),
        first.shape().words(), threads(first.threads()),
        Double.isNaN(first.peak()) ? "" : String.format(Locale.ROOT, ", peak %.0f GFLOP/s", first.peak())));
    table.append(HEAD);
    for (Row row : rows) {
      String engine = row.engine() + (row.engine().equals(row.bestPeer()) ? " *" : "");
      table.append(String.format("  %-18s ", engine)).append(row.timed() ? numbers(row) : row.reason())
          .append(System.lineSeparator());
    }
    return table.toString();
  }

  private static String numbers(Row row) {
    Times times = row.times();
    return String.format(Locale.ROOT, "%9s %9s %9s %9.1f %8s %7.3f %7.3f %8.1e", time(times.median()),
        time(times.least()), time(times.most()), row.gigaflops(), percent(row.shareOfPeak()), row.ratio(), row.pairs(),
        row.error());
  }

  static String threads(int number) {
    return number + (number == 1 ? " thread" : " threads");
  }

  /** A part of a whole; nothing where it is not known. */
  static String percent(double part) {
    return Double.isNaN(part) ? "" : String.format(Locale.ROOT, "%.0f %%", 100 * part);
  }

  /** Milliseconds with four digits that count. */
  static String time(double milliseconds) {
    int decimals = milliseconds < 1 ? 4 : milliseconds < 10 ? 3 : milliseconds < 100 ? 2 : 1;
    return String.format(Locale.ROOT, "%." + decimals + "f", milliseconds);
  }

  /** How the first engine stands to the best peers, in two lines; empty where it was not compared with one. */
  static String summary(List<Row> rows) {
    String engine = rows.isEmpty() ? "" : rows.getFirst().engine();
    List<Row> compared = rows.stream()
        .filter(row -> row.engine().equals(engine) && row.timed() && Engines.isPeer(row.bestPeer())).toList();
    List<Row> behind = compared.stream().filter(row -> row.ratio() > 1).toList();
    Function<Row, String> place = row -> String.format(Locale.ROOT, "%s with %s (%.3f of %s)", row.shape().name(),
        threads(row.threads()), row.ratio(), row.bestPeer());
    if (compared.isEmpty()) {
      return "";
    }
    return String.format("%s is as fast as the best peer or faster on %d of %d rows%s%n", engine,
        compared.size() - behind.size(), compared.size(),
        behind.isEmpty() ? "." : "; it is behind on " + String.join(", ", behind.stream().map(place).toList()) + ".");
  }
}
