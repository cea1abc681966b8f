package dev.carousel.bench;

import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.json.Json;
import java.util.ArrayList;
import java.util.List;

/** An outcome as a line of JSON with the time of every call, as it goes from one process to another. */
final class Wire {
  private Wire() {}

  static String write(Outcome outcome) {
    return Json.object("shape", outcome.shape().name(), "threads", outcome.threads(), "operations",
        outcome.operations(), "results", outcome.results().stream().map(Wire::result).toList()).compact();
  }

  private static Json result(Result result) {
    return Json.object("engine", result.engine(), "standing", result.standing().name(), "reason", result.reason(),
        "error", result.error(), "turns", result.turns().stream().map(Wire::turn).toList());
  }

  private static Json turn(Turn turn) {
    return Json.object("fork", turn.fork(), "round", turn.round(), "ns", turn.nanoseconds());
  }

  /** The outcome of a line, whose shape is one of the file's. */
  static Outcome read(String line, ShapeFile file) throws FormatException {
    Json json = Json.parse(line);
    String name = json.get("shape").text();
    Shape shape = file.shapes().stream().filter(one -> one.name().equals(name)).findFirst()
        .orElseThrow(() -> FormatException.of("Shape %s is not in %s.", name, file.path()));
    List<Result> results = new ArrayList<>();
    for (Json result : json.get("results").items()) {
      results.add(result(result));
    }
    return new Outcome(shape, (int) json.get("threads").whole(), json.get("operations").whole(), results);
  }

  private static Result result(Json json) throws FormatException {
    List<Turn> turns = new ArrayList<>();
    for (Json turn : json.get("turns").items()) {
      List<Long> nanoseconds = new ArrayList<>();
      for (Json time : turn.get("ns").items()) {
        nanoseconds.add(time.whole());
      }
      turns.add(new Turn((int) turn.get("fork").whole(), (int) turn.get("round").whole(), nanoseconds));
    }
    return new Result(json.get("engine").text(), Standing.valueOf(json.get("standing").text()),
        json.get("reason").text(), number(json, "error"), turns);
  }

  /** A number that may be missing: NaN. */
  static double number(Json json, String name) throws FormatException {
    return json.find(name).isPresent() ? json.get(name).number() : Double.NaN;
  }
}
