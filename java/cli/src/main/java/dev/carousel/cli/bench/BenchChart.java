package dev.carousel.cli.bench;

import dev.carousel.cli.page.Markup;
import java.util.List;
import java.util.Locale;

/** The table as a picture: a bar a device, as long as it is fast, with a line over the middle half of its turns. */
final class BenchChart {
  private static final int WIDTH = 860;
  private static final int EDGE = 24;
  private static final int TOP = 84; // below the titles
  private static final int FOOT = 56; // below the bars
  private static final int ROW = 34;
  private static final int BAR = 16;
  private static final int VALUES = 200; // to the right of the bars
  private static final double LETTER = 7.9; // the width of one in an id
  private static final String STYLE = """
      svg { --paper: #fdfdfb; --ink: #1b1e21; --soft: #62686d; --line: #e2e2dc; --accent: #166872; --wrong: #b3261e; }
      @media (prefers-color-scheme: dark) {
        svg { --paper: #15181a; --ink: #e4e5e2; --soft: #9aa0a5; --line: #2c3134; --accent: #48a8b4; --wrong: #f0776c; }
      }
      text { font: 13px ui-sans-serif, system-ui, "Segoe UI", "Noto Sans", sans-serif; fill: var(--ink); }
      .title { font-size: 17px; font-weight: 600; }
      .small { font-size: 12px; }
      .id { font: 13px ui-monospace, "SF Mono", "Cascadia Mono", "DejaVu Sans Mono", monospace; }
      .soft { fill: var(--soft); }
      .lost { fill: var(--wrong); }
      .number { text-anchor: end; }
      .bar { fill: var(--accent); }
      .other { opacity: .62; }
      .spread { stroke: var(--ink); stroke-width: 1.2; fill: none; }
      .axis { stroke: var(--line); }
      """;

  private final BenchTable table;
  private final Markup svg = new Markup();
  private final int left;
  private final double scale; // of sequences a second to pixels

  private BenchChart(BenchTable table) {
    this.table = table;
    int longest = table.results().stream().mapToInt(result -> result.device().id().length()).max().orElse(0);
    left = EDGE + (int) Math.min(260, LETTER * longest) + 16;
    double most = table.results().stream().filter(Result::timed)
        .mapToDouble(result -> table.work().shape().batch() / result.lower()).max().orElse(1);
    scale = (WIDTH - EDGE - VALUES - left) / most;
  }

  static String of(BenchTable table) {
    return new BenchChart(table).chart();
  }

  private String chart() {
    List<Result> results = table.results();
    int height = TOP + ROW * results.size() + FOOT;
    svg.open("svg", "xmlns", "http://www.w3.org/2000/svg", "viewBox", "0 0 " + WIDTH + " " + height, "width",
        Integer.toString(WIDTH), "height", Integer.toString(height), "role", "img");
    svg.element("title", "Sequences per second: " + table.title()).open("style").verbatim(STYLE).close();
    svg.empty("rect", "width", "100%", "height", "100%", "style", "fill: var(--paper)").verbatim("\n");
    text(EDGE, 38, "title", "Sequences per second");
    text(EDGE, 60, "soft", table.title() + " · " + table.machine().processor());
    svg.empty("line", "class", "axis", "x1", number(left), "x2", number(left), "y1", number(TOP - 6), "y2",
        number(height - FOOT - 8));
    for (int i = 0; i < results.size(); i++) {
      row(results.get(i), TOP + ROW * i, i == 0);
    }
    text(EDGE, height - EDGE, "soft small",
        "A bar is the median of all turns, the line their middle half; the last column"
            + " is the part of the fastest’s speed.");
    return svg.close() + "\n";
  }

  private void row(Result result, int top, boolean best) {
    int base = top + BAR - 3;
    text(EDGE, base, "id", result.device().id());
    if (result.timed()) {
      double length = scale * table.sequencesPerSecond(result);
      double from = left + scale * table.work().shape().batch() / result.upper();
      double to = left + scale * table.work().shape().batch() / result.lower();
      svg.empty("rect", "class", best ? "bar" : "bar other", "x", number(left), "y", number(top), "width",
          number(Math.max(1, length)), "height", number(BAR), "rx", "1.5");
      double middle = top + BAR / 2.0;
      svg.empty("path", "class", "spread", "d", "M" + number(from) + " " + number(middle - 3) + "v6m0-3H" + number(to)
          + "m0-3v6");
      text(WIDTH - EDGE - 76, base, "number", BenchTable.number(table.sequencesPerSecond(result)));
      text(WIDTH - EDGE, base, "number soft", best ? "fastest" : BenchTable.share(table.ratio(result)));
    } else {
      String reason = result.lost().orElse("");
      text(left + 8, base, "lost", "✕ " + (reason.length() > 76 ? reason.substring(0, 76) + "…" : reason));
    }
    svg.verbatim("\n");
  }

  private void text(double x, double y, String type, String content) {
    svg.element("text", content, "x", number(x), "y", number(y), "class", type);
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.1f", value).replaceFirst("\\.0$", "");
  }
}
