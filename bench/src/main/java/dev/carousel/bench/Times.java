package dev.carousel.bench;

import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How long a call took, in milliseconds; all NaN where it was not timed.
 *
 * @param rounds of all processes; the least, the quartiles and the most are of these
 * @param lower quartile
 * @param upper quartile
 * @param forks the median of each process
 * @param calls of which percentiles are taken
 * @param p99 NaN, as its likes, where there are too few calls to tell
 */
record Times(int rounds, double least, double lower, double median, double upper, double most, List<Double> forks,
    int calls, double p50, double p90, double p99, double p999) {
  Times {
    forks = List.copyOf(forks);
  }

  static Times of(Result result) {
    List<Double> rounds = result.timed() ? result.milliseconds() : List.of();
    List<Double> calls = result.timed() ? result.calls() : List.of();
    return new Times(rounds.size(), Statistics.quantile(rounds, 0), Statistics.quantile(rounds, 0.25),
        Statistics.median(rounds), Statistics.quantile(rounds, 0.75), Statistics.quantile(rounds, 1),
        result.timed() ? result.forkMedians() : List.of(), calls.size(), Statistics.tail(calls, 0.5),
        Statistics.tail(calls, 0.9), Statistics.tail(calls, 0.99), Statistics.tail(calls, 0.999));
  }

  /** The percentiles of single calls: 50, 90, 99, 99.9. */
  List<Double> percentiles() {
    return List.of(p50, p90, p99, p999);
  }

  /** The members that it adds to a row. */
  Map<String, Json> members() {
    Map<String, Json> members = new LinkedHashMap<>();
    members.put("msMin", Json.of(least));
    members.put("msLower", Json.of(lower));
    members.put("msMedian", Json.of(median));
    members.put("msUpper", Json.of(upper));
    members.put("msMax", Json.of(most));
    members.put("rounds", Json.of(rounds));
    members.put("msForks", Json.of(forks));
    members.put("calls", Json.of(calls));
    members.put("msP50", Json.of(p50));
    members.put("msP90", Json.of(p90));
    members.put("msP99", Json.of(p99));
    members.put("msP999", Json.of(p999));
    return members;
  }

  static Times read(Json json) throws FormatException {
    List<Double> forks = new ArrayList<>();
    for (Json median : json.get("msForks").items()) {
      forks.add(median.number());
    }
    return new Times((int) json.get("rounds").whole(), Wire.number(json, "msMin"), Wire.number(json, "msLower"),
        Wire.number(json, "msMedian"), Wire.number(json, "msUpper"), Wire.number(json, "msMax"), forks,
        (int) json.get("calls").whole(), Wire.number(json, "msP50"), Wire.number(json, "msP90"),
        Wire.number(json, "msP99"), Wire.number(json, "msP999"));
  }
}
