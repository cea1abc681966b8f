package dev.carousel.bench;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What the command line asks of a measurement. Engines and shapes that it leaves out are the measurement's own.
 *
 * @param only the names of the shapes to take; empty for the measurement's own
 * @param seconds how long an engine is timed
 * @param repeats how often what is done once, such as a start, is done
 * @param calls how many calls memory is watched over
 * @param out the folder for JSON
 */
record MeasureOptions(List<String> engines, Path shapes, List<String> only, List<Integer> threads, double seconds,
    int repeats, long calls, Optional<Path> out) {
  static final String USAGE = """
      usage: bench/run.sh streams|ragged|sustained|cold|memory|first|models|all [options]
        streams    1 to 256 streams of one layer, stepped one by one and as one batch
        ragged     sequences of mixed length, against the same steps without padding
        sustained  call after call, and the slowest of them
        cold       from the start of a JVM to the first result of a small tagger
        memory     bytes of a model and of each caller; whether memory is flat over many calls
        first      the first call after loading, against the later ones
        models     whole models of bench/shapes/models.txt, batches of 1, 8 and 64
      Prints a table. Options:
        --engines E,F      cpu/fused,onnxruntime,pytorch or fewer, where the measurement leaves the choice
        --shapes FILE      the shapes of sustained, memory and first (bench/shapes/headline.txt)
        --only A,B         just these of them
        --threads 1,2      numbers of threads (1,2)
        --seconds S        for each engine (streams 1, models 2, ragged 3, sustained 60)
        --repeats N        starts and first calls (9)
        --calls N          calls that memory is watched over (1000000)
        --out DIR          where JSON goes too
      """;

  static MeasureOptions defaults() {
    return new MeasureOptions(List.of(), Path.of("bench/shapes/headline.txt"), List.of(), List.of(1, 2), 0, 9,
        1_000_000,
        Optional.empty());
  }

  /** Reads what stands behind the name of the measurement. */
  static MeasureOptions parse(List<String> words) {
    MeasureOptions options = defaults();
    for (int i = 0; i < words.size(); i += 2) {
      if (i + 1 == words.size()) {
        throw new IllegalArgumentException(words.get(i) + " is the last word, and a value was to follow it.");
      }
      options = options.with(words.get(i), words.get(i + 1));
    }
    Engines.check(options.engines);
    return options;
  }

  private MeasureOptions with(String name, String value) {
    return switch (name) {
      case "--engines" -> new MeasureOptions(list(value), shapes, only, threads, seconds, repeats, calls, out);
      case "--shapes" -> new MeasureOptions(engines, Path.of(value), only, threads, seconds, repeats, calls, out);
      case "--only" -> new MeasureOptions(engines, shapes, list(value), threads, seconds, repeats, calls, out);
      case "--threads" -> new MeasureOptions(engines, shapes, only,
          list(value).stream().map(Integer::valueOf).toList(), seconds, repeats, calls, out);
      case "--seconds" ->
        new MeasureOptions(engines, shapes, only, threads, Double.parseDouble(value), repeats, calls, out);
      case "--repeats" ->
        new MeasureOptions(engines, shapes, only, threads, seconds, Integer.parseInt(value), calls, out);
      case "--calls" ->
        new MeasureOptions(engines, shapes, only, threads, seconds, repeats, Long.parseLong(value), out);
      case "--out" ->
        new MeasureOptions(engines, shapes, only, threads, seconds, repeats, calls, Optional.of(Path.of(value)));
      default -> throw new IllegalArgumentException(name + " is no option.");
    };
  }

  private static List<String> list(String value) {
    return Arrays.asList(value.split(",", -1));
  }

  /** The engines asked for, or else these. */
  List<String> engines(String... usual) {
    return engines.isEmpty() ? List.of(usual) : engines;
  }

  /** The seconds asked for, or else so many. */
  double seconds(double usual) {
    return seconds > 0 ? seconds : usual;
  }
}
