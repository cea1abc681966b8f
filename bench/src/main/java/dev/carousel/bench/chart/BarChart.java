package dev.carousel.bench.chart;

import dev.carousel.bench.chart.Svg.Anchor;
import dev.carousel.bench.chart.Svg.Style;
import java.util.List;

/**
 * Bars in groups, one under the other, in columns side by side: a group for each shape, a column for each number of
 * threads, a bar for each engine. A bar says its engine's name before and its label behind it.
 *
 * @param note a line under the title
 * @param unit of the bars
 */
public record BarChart(String title, String note, String unit, List<Column> columns, List<Group> groups) {
  private static final double MARGIN = 20;
  private static final double HEAD = 74;
  private static final double TOP = HEAD + 18;
  private static final double COLUMN = 460;
  private static final double NAMES = 104; // before the bars of a column
  private static final double LABELS = 66; // behind the longest bar
  private static final double ROW = 17;
  private static final double BAR = 12;
  private static final double GROUP_HEAD = 30;
  private static final double AXIS = 44;
  private static final double LETTER = 8; // about the width of a letter of a group's name

  /**
   * What stands above one another, on one scale.
   *
   * @param limit the most that is possible; NaN where that is not known
   */
  public record Column(String title, double limit) {}

  /** What belongs together: a list of bars for each column. */
  public record Group(String name, String words, List<List<Bar>> bars) {
    double height() {
      return GROUP_HEAD + ROW * bars.stream().mapToInt(List::size).max().orElse(0);
    }
  }

  /**
   * A bar, or just a label where its value is NaN.
   *
   * @param low with {@code high}, the range that is drawn on the bar
   */
  public record Bar(String engine, double value, double low, double high, String label) {}

  /** The picture. */
  public String svg() {
    Svg svg = new Svg();
    double width = 2 * MARGIN + COLUMN * columns.size();
    double bottom = TOP + groups.stream().mapToDouble(Group::height).sum() + 8;
    svg.text(MARGIN, 28, title, Style.of(17, Svg.INK).strong());
    svg.text(MARGIN, 47, note, Style.of(12, Svg.FAINT));
    for (int column = 0; column < columns.size(); column++) {
      Scale scale = scale(column);
      axis(svg, columns.get(column), scale, bottom);
      double top = TOP;
      for (Group group : groups) {
        bars(svg, group.bars.get(column), scale, top + GROUP_HEAD);
        top += group.height();
      }
    }
    double top = TOP;
    for (Group group : groups) {
      double words = MARGIN + 10 + LETTER * group.name.length();
      svg.clear(MARGIN, top + 19, group.name, Style.of(13, Svg.INK).strong());
      svg.clear(words, top + 19, group.words, Style.of(12, Svg.FAINT));
      top += group.height();
    }
    return svg.document(width, bottom + AXIS);
  }

  private Scale scale(int column) {
    double limit = columns.get(column).limit;
    double most = groups.stream().flatMap(group -> group.bars.get(column).stream())
        .mapToDouble(bar -> Double.isNaN(bar.value) ? 0 : bar.value).max().orElse(0);
    double left = MARGIN + COLUMN * column + NAMES;
    return Scale.linear(Double.isNaN(limit) ? Math.max(most, 1e-9) : Math.max(most, limit), left,
        left + COLUMN - NAMES - LABELS);
  }

  private void axis(Svg svg, Column column, Scale scale, double bottom) {
    double top = HEAD + 12;
    svg.text(scale.from(), HEAD + 2, column.title, Style.of(13, Svg.INK).strong());
    for (double tick : scale.ticks()) {
      double x = scale.place(tick);
      svg.line(x, top, x, bottom, Svg.GRID, 1);
      svg.text(x, bottom + 15, Scale.label(tick), Style.of(11, Svg.FAINT).at(Anchor.MIDDLE));
    }
    svg.text((scale.from() + scale.to()) / 2, bottom + 33, unit, Style.of(12, Svg.FAINT).at(Anchor.MIDDLE));
    if (!Double.isNaN(column.limit)) {
      double x = scale.place(column.limit);
      svg.dashes(x, top, x, bottom, Svg.INK);
      svg.text(x, HEAD + 2, "peak " + Scale.label(column.limit), Style.of(11, Svg.INK).at(Anchor.MIDDLE));
    }
  }

  private static void bars(Svg svg, List<Bar> bars, Scale scale, double top) {
    double y = top;
    for (Bar bar : bars) {
      double middle = y + BAR / 2;
      Style name = Style.of(11, Colours.of(bar.engine)).at(Anchor.END);
      svg.text(scale.from() - 6, middle + 4, bar.engine, Colours.strong(bar.engine) ? name.strong() : name);
      double end = scale.from();
      if (!Double.isNaN(bar.value)) {
        end = scale.place(bar.value);
        svg.bar(scale.from(), y, end - scale.from(), BAR, Colours.of(bar.engine));
        svg.line(scale.place(bar.low), middle, scale.place(bar.high), middle, Svg.INK, 1.5);
        end = Math.max(end, scale.place(bar.high));
      }
      svg.clear(end + 5, middle + 4, bar.label, Style.of(11, Svg.INK));
      y += ROW;
    }
  }
}
