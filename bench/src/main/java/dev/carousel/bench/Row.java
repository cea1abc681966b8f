package dev.carousel.bench;

import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * An engine on a shape with a number of threads: a line of every table, an object of {@code results.json}.
 *
 * @param file the name of the file that the shape is from
 * @param reason why it was not timed; empty where it was
 * @param gigaflops of the median
 * @param peak of so many threads of the machine, in GFLOP/s; NaN where it was not measured
 * @param bestPeer what the ratios refer to: the peer with the smallest median, or without peers the first engine
 * @param ratio of the medians
 * @param pairs the median of the ratios of each round
 * @param error the largest difference from the reference; NaN where it was not compared
 */
record Row(String file, Shape shape, int threads, String engine, Standing standing, String reason, Times times,
    double gigaflops, double peak, String bestPeer, double ratio, double pairs, double error) {

  /** The rows of a contest, in the order of the engines. */
  static List<Row> of(String file, Outcome outcome, double peak) {
    return outcome.results().stream().map(result -> {
      double ratio = result.timed() ? outcome.best().map(result::ratio).orElse(Double.NaN) : Double.NaN;
      double pairs = result.timed() ? outcome.best().map(result::pairs).orElse(Double.NaN) : Double.NaN;
      Times times = Times.of(result);
      return new Row(file, outcome.shape(), outcome.threads(), result.engine(), result.standing(), result.reason(),
          times, result.timed() ? outcome.gigaflops(result) : Double.NaN, peak,
          outcome.best().map(Result::engine).orElse(""), ratio, pairs, result.error());
    }).toList();
  }

  boolean timed() {
    return standing == Standing.TIMED && times.rounds() > 0;
  }

  double shareOfPeak() {
    return gigaflops / peak;
  }

  Json json() {
    Map<String, Json> members = new LinkedHashMap<>();
    members.put("file", Json.of(file));
    members.put("shape", Json.of(shape.name()));
    members.put("cell", Json.of(shape.cell().name().toLowerCase(Locale.ROOT)));
    members.put("steps", Json.of(shape.steps()));
    members.put("batch", Json.of(shape.batch()));
    members.put("inputs", Json.of(shape.inputs()));
    members.put("hidden", Json.of(shape.hidden()));
    members.put("layers", Json.of(shape.layers()));
    members.put("directions", Json.of(shape.directions()));
    members.put("meanLength", Json.of(shape.mean()));
    members.put("threads", Json.of(threads));
    members.put("engine", Json.of(engine));
    members.put("standing", Json.of(standing.name().toLowerCase(Locale.ROOT)));
    members.put("reason", Json.of(reason));
    members.putAll(times.members());
    members.put("gflops", Json.of(gigaflops));
    members.put("peakGflops", Json.of(peak));
    members.put("shareOfPeak", Json.of(shareOfPeak()));
    members.put("bestPeer", Json.of(bestPeer));
    members.put("ratioToBestPeer", Json.of(ratio));
    members.put("pairsToBestPeer", Json.of(pairs));
    members.put("maxError", Json.of(error));
    return new Json.Members(members);
  }

  /** Rows as a document: an object a line. */
  static String write(List<Row> rows) {
    return "[\n" + String.join(",\n", rows.stream().map(row -> row.json().compact()).toList()) + "\n]\n";
  }

  /** The rows of a document. */
  static List<Row> read(String text) throws FormatException {
    List<Row> rows = new ArrayList<>();
    for (Json json : Json.parse(text).items()) {
      rows.add(read(json));
    }
    return rows;
  }

  private static Row read(Json json) throws FormatException {
    Shape shape = new Shape(json.get("shape").text(), Cell.of(json.get("cell").text()), size(json, "steps"),
        size(json, "batch"), size(json, "inputs"), size(json, "hidden"), size(json, "layers"),
        size(json, "directions"), json.get("meanLength").number());
    return new Row(json.get("file").text(), shape, size(json, "threads"), json.get("engine").text(),
        Standing.valueOf(json.get("standing").text().toUpperCase(Locale.ROOT)), json.get("reason").text(),
        Times.read(json), Wire.number(json, "gflops"), Wire.number(json, "peakGflops"), json.get("bestPeer").text(),
        Wire.number(json, "ratioToBestPeer"), Wire.number(json, "pairsToBestPeer"), Wire.number(json, "maxError"));
  }

  private static int size(Json json, String name) throws FormatException {
    return (int) json.get(name).whole();
  }
}
