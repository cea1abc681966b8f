package dev.carousel.bench;

import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What the command line asks for.
 *
 * @param shapes files of them
 * @param only the names of the shapes to run; empty for all
 * @param seconds for each engine, shape, number of threads and fork
 * @param forks how many processes time everything, one after the other
 * @param machine the program that measures what the machine can do at most
 */
record Options(List<Path> shapes, List<String> only, List<String> engines, List<Integer> threads, double seconds,
    int forks, Path out, Optional<Path> machine) {
  static final String USAGE = """
      usage: Race [--quick | --smoke] [--shapes FILE,..] [--only A,B] [--engines cpu/fused,..] [--threads 1,2]
                  [--seconds S] [--forks N] [--out DIR] [--machine PROGRAM]
             Race --draw DIR
      Times engines on shapes, in turns, and checks what they compute first. Prints tables; writes results.json,
      machine.json, results.md and charts.
        --quick            the headline shapes against onnxruntime and pytorch, in less than 6 minutes
        --smoke            two tiny shapes, in seconds: whether all is well, not how fast
        --shapes FILE,..   the shapes (all files of bench/shapes but tiny.txt)
        --only A,B         just these of them
        --engines E,F      onnxruntime, onednn, pytorch or djl (not both), dl4j, or any device of Carousel
                           (cpu/fused,cpu/openblas,onnxruntime,pytorch)
        --threads 1,2      numbers of threads (1,2)
        --seconds S        for each engine, shape, number of threads and fork (1)
        --forks N          processes that time everything, one after the other; their rounds are pooled (3)
        --out DIR          where the results go (bench/target/race-DATE)
        --machine PROGRAM  measures the machine's peak (the machine_bench that run.sh builds)
        --draw DIR         writes the page and the charts anew from the results that stand in DIR
      Exit status: 0 where every engine agreed with the reference or has no such layers, 1 where one did not, 2 where
      the command is wrong.
      """;

  private static final Map<String, String> FULL = Map.of("--shapes",
      "bench/shapes/headline.txt,bench/shapes/cells.txt,bench/shapes/stacks.txt,bench/shapes/ragged.txt,"
          + "bench/shapes/streams.txt,bench/shapes/batch.txt,bench/shapes/hidden.txt,bench/shapes/deepbench.txt",
      "--only", "", "--engines", "cpu/fused,cpu/openblas,onnxruntime,pytorch", "--threads", "1,2", "--seconds", "1",
      "--forks", "3", "--machine", "");
  private static final Map<String, Map<String, String>> PRESETS = Map.of("--quick",
      Map.of("--shapes", "bench/shapes/headline.txt", "--engines", "cpu/fused,onnxruntime,pytorch", "--seconds", "0.7"),
      "--smoke", Map.of("--shapes", "bench/shapes/tiny.txt", "--only", "t-both,t-ragged-2", "--engines",
          "cpu/fused,cpu/openblas,onnxruntime", "--seconds", "0.1", "--forks", "1"));

  static Options parse(String... arguments) {
    Map<String, String> words = new HashMap<>(FULL);
    words.put("--out",
        "bench/target/race-"
            + DateTimeFormatter.ofPattern("yyyy-MM-dd-HHmm").format(LocalDateTime.now(ZoneId.systemDefault())));
    for (String argument : arguments) {
      words.putAll(PRESETS.getOrDefault(argument, Map.of()));
    }
    for (int i = 0; i < arguments.length; i++) {
      if (!PRESETS.containsKey(arguments[i])) {
        set(words, arguments[i], i + 1 < arguments.length ? arguments[++i] : null);
      }
    }
    return of(words);
  }

  private static void set(Map<String, String> words, String name, @Nullable String value) {
    if (!words.containsKey(name)) {
      throw new IllegalArgumentException(name + " is no option.");
    }
    if (value == null || value.isEmpty()) {
      throw new IllegalArgumentException(name + " was to be followed by a value.");
    }
    words.put(name, value);
  }

  private static Options of(Map<String, String> words) {
    Options options = new Options(list(words, "--shapes").stream().map(Path::of).toList(), list(words, "--only"),
        list(words, "--engines"),
        list(words, "--threads").stream().map(word -> number("--threads", word, Integer::valueOf)).toList(),
        number("--seconds", word(words, "--seconds"), Double::valueOf),
        number("--forks", word(words, "--forks"), Integer::valueOf), Path.of(word(words, "--out")),
        list(words, "--machine").stream().map(Path::of).findFirst());
    if (options.forks < 1 || !(options.seconds > 0 && options.seconds < 3600)
        || options.threads.stream().anyMatch(number -> number < 1)) {
      throw new IllegalArgumentException("--forks and --threads are at least 1, --seconds above 0 and below 3600.");
    }
    return options;
  }

  private static String word(Map<String, String> words, String name) {
    return words.getOrDefault(name, "");
  }

  private static List<String> list(Map<String, String> words, String name) {
    return Arrays.stream(word(words, name).split(",", -1)).filter(word -> !word.isEmpty()).toList();
  }

  private static <T> T number(String option, String word, Function<String, T> parse) {
    try {
      return parse.apply(word);
    } catch (NumberFormatException _) {
      throw new IllegalArgumentException(option + " takes numbers, and '" + word + "' is none.");
    }
  }

  /** The command line that asks one process for one file of shapes. */
  List<String> forFork(ShapeFile file) {
    List<String> names = file.shapes().stream().map(Shape::name).toList();
    return List.of("--shapes", file.path().toString(), "--only", String.join(",", names), "--engines",
        String.join(",", engines), "--threads", String.join(",", threads.stream().map(String::valueOf).toList()),
        "--seconds", String.valueOf(seconds), "--forks", String.valueOf(forks));
  }
}
