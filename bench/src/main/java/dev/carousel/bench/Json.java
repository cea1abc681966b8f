package dev.carousel.bench;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The outcomes as JSON, with the time of every round. */
final class Json {
  private Json() {}

  /** A document: what the machine is, then a contest after the other. */
  static String of(List<Outcome> outcomes) {
    return String.format(Locale.ROOT,
        "{%n\"machine\": %s,%n\"processors\": %d,%n\"java\": %s,%n\"contests\": [%n%s%n]}%n",
        text(Machine.processor()), Runtime.getRuntime().availableProcessors(),
        text(System.getProperty("java.runtime.version")),
        outcomes.stream().map(Json::contest).collect(Collectors.joining(",\n")));
  }

  private static String contest(Outcome outcome) {
    Shape shape = outcome.shape();
    return String.format(Locale.ROOT,
        "{\"shape\": %s, \"cell\": %s, \"steps\": %d, \"batch\": %d, \"inputs\": %d, \"hidden\": %d, \"layers\": %d,"
            + " \"directions\": %d, \"mean_length\": %s, \"threads\": %d, \"operations\": %d, \"oracle\": %s,"
            + " \"best\": %s, \"engines\": [%n%s]}",
        text(shape.name()), text(shape.cell().name()), shape.steps(), shape.batch(), shape.inputs(), shape.hidden(),
        shape.layers(), shape.directions(), number(shape.mean()), outcome.threads(), outcome.operations(),
        text(outcome.oracle()), text(outcome.best().map(Result::engine).orElse("")),
        outcome.results().stream().map(result -> engine(outcome, result)).collect(Collectors.joining(",\n")));
  }

  private static String engine(Outcome outcome, Result result) {
    double ratio = outcome.best().map(result::ratio).orElse(Double.NaN);
    double pairs = outcome.best().map(result::pairs).orElse(Double.NaN);
    return String.format(Locale.ROOT,
        "  {\"engine\": %s, \"failure\": %s, \"error\": %s, \"calls\": %d, \"min_ms\": %s, \"median_ms\": %s,"
            + " \"max_ms\": %s, \"gflops\": %s, \"ratio\": %s, \"pairs\": %s, \"rounds_ms\": %s}",
        text(result.engine()), text(result.failure()), number(result.error()), result.calls(), number(result.min()),
        number(result.median()), number(result.max()), number(outcome.gigaflops(result)), number(ratio), number(pairs),
        result.milliseconds().stream().map(Json::number).collect(Collectors.joining(", ", "[", "]")));
  }

  /** JSON knows no NaN and no infinity. */
  private static String number(double value) {
    return Double.isFinite(value) ? String.format(Locale.ROOT, "%.6g", value) : "null";
  }

  private static String text(String value) {
    StringBuilder text = new StringBuilder("\"");
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '"' || c == '\\') {
        text.append('\\').append(c);
      } else if (c < ' ') {
        text.append(String.format("\\u%04x", (int) c));
      } else {
        text.append(c);
      }
    }
    return text.append('"').toString();
  }
}
