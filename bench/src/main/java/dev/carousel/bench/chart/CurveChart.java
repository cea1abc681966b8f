package dev.carousel.bench.chart;

import dev.carousel.bench.chart.Svg.Anchor;
import dev.carousel.bench.chart.Svg.Style;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.DoubleStream;

/**
 * Curves in panels, two in a row, that share the axis across: a panel for each number of threads, a curve for each
 * engine with its name at the end.
 *
 * @param note a line under the title
 * @param across what the axis across counts
 * @param up what the axis up counts, with its unit
 * @param powers whether the axis up goes in powers of ten; else it begins at 0
 */
public record CurveChart(String title, String note, String across, String up, boolean powers, List<Tick> ticks,
    List<Panel> panels) {
  private static final double MARGIN = 20;
  private static final double HEAD = 66;
  private static final double WIDTH = 500; // of a panel, with its axis and its names
  private static final double HEIGHT = 330;
  private static final double NUMBERS = 44; // before the curves
  private static final double NAMES = 96; // behind them
  private static final double TITLE = 30;
  private static final double AXIS = 44;
  private static final double NAME = 13; // the height of a name
  private static final int COLUMNS = 2;

  /** A place on the axis across. */
  public record Tick(double place, String label) {}

  /**
   * Curves on one scale.
   *
   * @param limit the most that is possible; NaN where that is not known or not to be shown
   */
  public record Panel(String title, double limit, List<Curve> curves) {
    private DoubleStream values() {
      return curves.stream().flatMap(curve -> curve.points.stream()).mapToDouble(Point::value);
    }
  }

  /** An engine's points, from left to right, at least one. */
  public record Curve(String engine, List<Point> points) {}

  /** A value at a place of the axis across. */
  public record Point(double place, double value) {}

  /** A name that belongs to a curve's end, at x and wish, and stands where there is room. */
  private record Name(String engine, double x, double wish, double y) {}

  /** The picture. */
  public String svg() {
    Svg svg = new Svg();
    svg.text(MARGIN, 28, title, Style.of(17, Svg.INK).strong());
    svg.text(MARGIN, 47, note, Style.of(12, Svg.FAINT));
    for (int i = 0; i < panels.size(); i++) {
      int row = i / COLUMNS;
      int column = i % COLUMNS;
      panel(svg, panels.get(i), MARGIN + column * WIDTH + NUMBERS, HEAD + row * HEIGHT + TITLE);
    }
    int rows = Math.ceilDiv(panels.size(), COLUMNS);
    return svg.document(2 * MARGIN + WIDTH * Math.min(COLUMNS, panels.size()), HEAD + rows * HEIGHT);
  }

  private void panel(Svg svg, Panel panel, double left, double top) {
    double right = left + WIDTH - NUMBERS - NAMES;
    double bottom = top + HEIGHT - TITLE - AXIS - 16;
    double first = ticks.getFirst().place;
    double last = ticks.getLast().place;
    Scale x = new Scale(first, Math.max(last, first + 1e-9), false, left + 10, right);
    Scale y = upwards(panel, bottom, top);
    svg.text(left, top - 14, panel.title, Style.of(13, Svg.INK).strong());
    for (double tick : y.ticks()) {
      svg.line(left, y.place(tick), right, y.place(tick), Svg.GRID, 1);
      svg.text(left - 6, y.place(tick) + 4, Scale.label(tick), Style.of(11, Svg.FAINT).at(Anchor.END));
    }
    for (Tick tick : ticks) {
      svg.line(x.place(tick.place), bottom, x.place(tick.place), bottom + 4, Svg.FAINT, 1);
      svg.text(x.place(tick.place), bottom + 17, tick.label, Style.of(11, Svg.FAINT).at(Anchor.MIDDLE));
    }
    svg.line(left, bottom, right, bottom, Svg.FAINT, 1);
    svg.text((left + right) / 2, bottom + 34, across, Style.of(12, Svg.FAINT).at(Anchor.MIDDLE));
    svg.text(right, top - 14, up, Style.of(12, Svg.FAINT).at(Anchor.END));
    if (!Double.isNaN(panel.limit)) {
      svg.dashes(left, y.place(panel.limit), right, y.place(panel.limit), Svg.INK);
      svg.text(right + 6, y.place(panel.limit) + 4, "peak " + Scale.label(panel.limit), Style.of(11, Svg.INK));
    }
    panel.curves.forEach(curve -> curve(svg, curve, x, y));
    for (Name name : names(panel, x, y)) {
      svg.dots(name.x + 4, name.wish, right + 8, name.y, Colours.of(name.engine));
      svg.text(right + 10, name.y + 4, name.engine, style(name.engine));
    }
  }

  private Scale upwards(Panel panel, double bottom, double top) {
    double most = panel.values().max().orElse(1);
    return powers
        ? Scale.powers(panel.values().min().orElse(1), most, bottom, top)
        : Scale.linear(1.04 * (Double.isNaN(panel.limit) ? most : Math.max(most, panel.limit)), bottom, top);
  }

  private static void curve(Svg svg, Curve curve, Scale x, Scale y) {
    String colour = Colours.of(curve.engine);
    List<double[]> points = curve.points.stream()
        .map(point -> new double[]{x.place(point.place), y.place(point.value)}).toList();
    svg.curve(points, colour, Colours.strong(curve.engine) ? 2.5 : 1.6);
    points.forEach(point -> svg.dot(point[0], point[1], Colours.strong(curve.engine) ? 3.2 : 2.6, colour));
  }

  private static Style style(String engine) {
    Style style = Style.of(11, Colours.of(engine));
    return Colours.strong(engine) ? style.strong() : style;
  }

  /** Names in the order of the curves' ends, from the top, pushed apart: first down, then up from the bottom. */
  private static List<Name> names(Panel panel, Scale x, Scale y) {
    List<Name> names = new ArrayList<>(panel.curves.stream().map(curve -> {
      double wish = y.place(curve.points.getLast().value);
      return new Name(curve.engine, x.place(curve.points.getLast().place), wish, wish);
    }).sorted(Comparator.comparingDouble(Name::wish)).toList());
    double above = Double.isNaN(panel.limit) ? y.to() - NAME : y.place(panel.limit);
    for (int i = 0; i < names.size(); i++) {
      Name name = names.get(i);
      names.set(i, new Name(name.engine, name.x, name.wish, Math.max(name.y, above + NAME)));
      above = names.get(i).y;
    }
    double below = y.from() + NAME;
    for (int i = names.size() - 1; i >= 0; i--) {
      Name name = names.get(i);
      names.set(i, new Name(name.engine, name.x, name.wish, Math.min(name.y, below - NAME)));
      below = names.get(i).y;
    }
    return names;
  }
}
