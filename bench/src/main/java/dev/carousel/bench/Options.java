package dev.carousel.bench;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What the command line asks for.
 *
 * @param only the names of the shapes to run; empty for all
 * @param seconds for each engine, shape and number of threads
 */
record Options(Path shapes, List<String> only, List<String> engines, List<Integer> threads, double seconds,
    Optional<Path> json) {
  static final String USAGE = """
      usage: Race [--shapes FILE] [--only A,B] [--engines cpu/fused,onnxruntime,pytorch] [--threads 1,2]
                  [--seconds S] [--json FILE]
      Times engines on shapes, in turns, and prints a table; checks what they compute first.
        --shapes FILE   the shapes (bench/shapes/headline.txt)
        --only A,B      just these of them
        --engines E,F   onnxruntime, pytorch, or any device of Carousel (cpu/fused,onnxruntime,pytorch)
        --threads 1,2   numbers of threads (1,2)
        --seconds S     for each engine, shape and number of threads (3)
        --json FILE     where all times go
      Exit status: 0 where every engine ran and agreed, 1 where one did not, 2 where the command is wrong.
      """;

  static Options parse(String... arguments) {
    Options options = new Options(Path.of("bench/shapes/headline.txt"), List.of(),
        List.of("cpu/fused", "onnxruntime", "pytorch"), List.of(1, 2), 3, Optional.empty());
    for (int i = 0; i < arguments.length; i += 2) {
      if (i + 1 == arguments.length) {
        throw new IllegalArgumentException(arguments[i] + " is the last word, and a value was to follow it.");
      }
      options = options.with(arguments[i], arguments[i + 1]);
    }
    return options;
  }

  private Options with(String name, String value) {
    return switch (name) {
      case "--shapes" -> new Options(Path.of(value), only, engines, threads, seconds, json);
      case "--only" -> new Options(shapes, list(value), engines, threads, seconds, json);
      case "--engines" -> new Options(shapes, only, list(value), threads, seconds, json);
      case "--threads" ->
        new Options(shapes, only, engines, list(value).stream().map(Integer::valueOf).toList(), seconds, json);
      case "--seconds" -> new Options(shapes, only, engines, threads, Double.parseDouble(value), json);
      case "--json" -> new Options(shapes, only, engines, threads, seconds, Optional.of(Path.of(value)));
      default -> throw new IllegalArgumentException(name + " is no option.");
    };
  }

  private static List<String> list(String value) {
    return Arrays.asList(value.split(",", -1));
  }
}
