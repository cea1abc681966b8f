package dev.carousel.bench;

import dev.carousel.bench.chart.BarChart;
import dev.carousel.bench.chart.BarChart.Bar;
import dev.carousel.bench.chart.CurveChart;
import dev.carousel.bench.chart.CurveChart.Curve;
import dev.carousel.bench.chart.CurveChart.Panel;
import dev.carousel.bench.chart.CurveChart.Point;
import dev.carousel.bench.chart.CurveChart.Tick;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The charts of a file of shapes, as SVG: one of throughput, one of latency where there are calls enough. */
final class Charts {
  private static final int MOST_GROUPS = 12; // in a chart of bars
  private static final String THROUGHPUT = "GFLOP/s";
  private static final List<String> PERCENTILES = List.of("50 %", "90 %", "99 %", "99.9 %");
  private static final int FAR = 2; // the place of the first percentile that is worth a chart: 99 %

  private final String file;
  private final List<Row> rows;
  private final List<Shape> shapes;
  private final List<Integer> threads;

  /** Of the rows of one file, at least one. */
  Charts(List<Row> rows) {
    this.rows = rows;
    file = rows.getFirst().file();
    shapes = rows.stream().map(Row::shape).distinct().toList();
    threads = rows.stream().map(Row::threads).distinct().toList();
  }

  /** The pictures by the names of their files. */
  Map<String, String> draw() {
    Map<String, String> pictures = new LinkedHashMap<>();
    Optional<Sweep> sweep = Sweep.of(shapes);
    if (sweep.isPresent()) {
      pictures.put(file + ".svg", curves(sweep.get()).svg());
    } else {
      int parts = Math.ceilDiv(shapes.size(), MOST_GROUPS);
      for (int part = 0; part < parts; part++) {
        List<Shape> some = shapes.subList(part * shapes.size() / parts, (part + 1) * shapes.size() / parts);
        pictures.put(file + (parts == 1 ? "" : "-" + (part + 1)) + ".svg", bars(some).svg());
      }
    }
    List<Panel> latencies = latencies();
    if (!latencies.isEmpty()) {
      pictures.put(file + "-latency.svg", latency(latencies).svg());
    }
    return pictures;
  }

  private BarChart bars(List<Shape> some) {
    List<BarChart.Column> columns = threads.stream()
        .map(number -> new BarChart.Column(Table.threads(number), peak(number))).toList();
    List<BarChart.Group> groups = some.stream().map(shape -> new BarChart.Group(shape.name(), shape.words(),
        threads.stream().map(number -> of(shape, number).map(Charts::bar).toList()).toList())).toList();
    return new BarChart("Throughput: " + file,
        "A bar is the median of all rounds, the line on it the middle half of them; beside it the time of a call.",
        THROUGHPUT, columns, groups);
  }

  private static Bar bar(Row row) {
    String label = switch (row.standing()) {
      case TIMED -> Table.time(row.times().median()) + " ms";
      case DECLINED -> "has no such layers";
      case FAILED -> "failed";
    };
    double work = row.gigaflops() * row.times().median();
    return new Bar(row.engine(), row.gigaflops(), work / row.times().upper(), work / row.times().lower(), label);
  }

  private CurveChart curves(Sweep sweep) {
    List<Tick> ticks = shapes.stream().map(shape -> new Tick(sweep.place(shape), "" + sweep.size(shape))).toList();
    List<Panel> panels = threads.stream().map(number -> new Panel(Table.threads(number), peak(number),
        curves(row -> row.threads() == number, row -> new Point(sweep.place(row.shape()), row.gigaflops())))).toList();
    return new CurveChart("Throughput against " + sweep.words(), sweep.fixed(shapes.getFirst()) + ". Medians.",
        sweep.words(), THROUGHPUT, false, ticks, panels);
  }

  /** A curve for each engine that was timed. */
  private List<Curve> curves(Predicate<Row> which, Function<Row, Point> point) {
    Map<String, List<Point>> curves = new LinkedHashMap<>();
    rows.stream().filter(Row::timed).filter(which)
        .forEach(row -> curves.computeIfAbsent(row.engine(), _ -> new ArrayList<>()).add(point.apply(row)));
    return curves.entrySet().stream().map(curve -> new Curve(curve.getKey(), curve.getValue())).toList();
  }

  private static CurveChart latency(List<Panel> panels) {
    List<Tick> ticks = IntStream.range(0, PERCENTILES.size()).mapToObj(i -> new Tick(i, PERCENTILES.get(i))).toList();
    return new CurveChart("Latency: so many of the calls take no longer",
        "Single calls, in turns. A curve ends where fewer than five calls lie beyond.", "part of the calls", "ms", true,
        ticks,
        panels);
  }

  /** A panel for each contest of which some engine's 99th percentile is known. */
  private List<Panel> latencies() {
    return shapes.stream().flatMap(shape -> threads.stream().map(number -> of(shape, number).toList()))
        .filter(contest -> contest.stream().anyMatch(row -> !Double.isNaN(row.times().percentiles().get(FAR))))
        .map(Charts::latencies).toList();
  }

  private static Panel latencies(List<Row> contest) {
    Row first = contest.getFirst();
    List<Curve> curves = contest.stream().filter(Row::timed)
        .map(row -> new Curve(row.engine(), percentiles(row.times().percentiles())))
        .filter(curve -> !curve.points().isEmpty()).toList();
    return new Panel(first.shape().name() + ", " + Table.threads(first.threads()), Double.NaN, curves);
  }

  private static List<Point> percentiles(List<Double> times) {
    return IntStream.range(0, times.size()).mapToObj(i -> new Point(i, times.get(i)))
        .filter(point -> !Double.isNaN(point.value())).toList();
  }

  private Stream<Row> of(Shape shape, int number) {
    return rows.stream().filter(row -> row.shape().equals(shape) && row.threads() == number);
  }

  private double peak(int number) {
    return rows.stream().filter(row -> row.threads() == number).mapToDouble(Row::peak).findFirst().orElse(Double.NaN);
  }
}
