package dev.carousel.bench;

import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * A process of the race: runs every contest of a file of shapes once, and writes an outcome a line. Its arguments are
 * the folder with the oracles, its number, and those of the race.
 */
final class Fork {
  static final String OUTCOMES = "outcomes.jsonl";
  private static final int LEAST_ROUNDS = 5; // of all processes together

  private Fork() {}

  /** Runs it. */
  public static void main(String[] arguments) throws IOException {
    Path folder = Path.of(arguments[0]);
    int number = Integer.parseInt(arguments[1]);
    Options options = Options.parse(Arrays.copyOfRange(arguments, 2, arguments.length));
    Contest.Pace pace = new Contest.Pace(options.seconds(), Math.ceilDiv(LEAST_ROUNDS, options.forks()), number);
    ShapeFile file = ShapeFile.read(options.shapes().getFirst()).only(options.only());
    Quiet quiet = new Quiet();
    try (Writer writer = Files.newBufferedWriter(folder.resolve(OUTCOMES))) {
      for (Shape shape : file.shapes()) {
        Workload workload = Workload.of(shape);
        Oracle oracle = Oracle.read(folder.resolve(shape.name()));
        for (int threads : options.threads()) {
          Outcome outcome = Contest.run(workload, oracle, options.engines(), threads, pace, quiet, Engines::open);
          writer.write(Wire.write(outcome) + "\n");
          writer.flush();
          System.err.printf(Locale.ROOT, "fork %d of %d, %s, %d thread%s: %s%n", number + 1, options.forks(),
              shape.name(), threads, threads == 1 ? "" : "s", brief(outcome));
        }
      }
    }
    if (quiet.noisy() > 0) {
      System.err.println(quiet.noisy() + " turns began although some thread of this process was still computing.");
    }
    System.exit(0); // whatever threads the engines have left
  }

  private static String brief(Outcome outcome) {
    return outcome.results().stream()
        .map(result -> result.engine() + (result.timed()
            ? " " + Table.time(result.median()) + " ms"
            : ": " + result.reason()))
        .collect(Collectors.joining(", "));
  }
}
