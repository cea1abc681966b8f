package dev.carousel.bench;

import java.util.Locale;
import java.util.Optional;

/** The outcomes as lines of text, one for each engine. */
final class Table {
  private static final String HEAD = String.format("%-14s %7s  %-16s %9s %9s %9s %8s %7s %7s  %-12s %8s  %s", "shape",
      "threads", "engine", "min ms", "median", "max", "GFLOP/s", "ratio", "pairs", "to", "error", "from");

  private Table() {}

  /** The names of the columns, with what they mean. */
  static String head() {
    return """
        ratio: the median as a part of the best peer's median; pairs: the median of the ratios of each round.
        error: the largest difference from the output of the engine named after it.

        """ + HEAD;
  }

  static String rows(Outcome outcome) {
    StringBuilder rows = new StringBuilder();
    Optional<Result> best = outcome.best();
    for (Result result : outcome.results()) {
      rows.append(String.format("%-14s %7d  %-16s ", outcome.shape().name(), outcome.threads(), result.engine()));
      rows.append(result.timed() && best.isPresent() ? row(outcome, result, best.get()) : result.failure());
      rows.append(System.lineSeparator());
    }
    return rows.toString();
  }

  private static String row(Outcome outcome, Result result, Result best) {
    return String.format(Locale.ROOT, "%9s %9s %9s %8.1f %7.3f %7.3f  %-12s %8s  %s", time(result.min()),
        time(result.median()), time(result.max()), outcome.gigaflops(result), result.ratio(best), result.pairs(best),
        best.engine(), error(outcome, result), outcome.oracle());
  }

  private static String error(Outcome outcome, Result result) {
    return result.engine().equals(outcome.oracle()) && result.error() == 0
        ? "itself"
        : String.format(Locale.ROOT, "%.1e", result.error());
  }

  /** Four digits that count. */
  private static String time(double milliseconds) {
    int decimals = milliseconds < 1 ? 4 : milliseconds < 10 ? 3 : milliseconds < 100 ? 2 : 1;
    return String.format(Locale.ROOT, "%." + decimals + "f", milliseconds);
  }
}
