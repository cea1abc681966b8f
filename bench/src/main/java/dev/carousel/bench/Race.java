package dev.carousel.bench;

import dev.carousel.formats.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The command that times engines against each other, on shapes from files. Processes of their own do it, several for
 * each file, one after the other ({@link Fork}); what the machine can do at most is measured before and after each. How
 * a turn is timed stands at {@link Contest}.
 */
public final class Race {
  private final Options options;
  private final List<Row> rows = new ArrayList<>();
  private final List<Json> peaks = new ArrayList<>();
  private boolean well = true;

  private Race(Options options) {
    this.options = options;
  }

  /** Runs the race and ends with the exit status that the usage tells. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    if (arguments.length == 1 && arguments[0].equals("--help")) {
      System.out.print(Options.USAGE);
    } else if (arguments.length == 2 && arguments[0].equals("--draw")) {
      Report.redraw(Path.of(arguments[1]));
    } else {
      System.exit(run(arguments));
    }
  }

  private static int run(String[] arguments) throws IOException, InterruptedException {
    Options options;
    List<ShapeFile> files;
    try {
      options = Options.parse(arguments);
      Engines.check(options.engines());
      files = files(options);
    } catch (IllegalArgumentException wrong) {
      System.err.println(wrong.getMessage());
      System.err.println("bench/run.sh --help says what there is.");
      return 2;
    }
    return new Race(options).run(files) ? 0 : 1;
  }

  /** The files, without those from which no shape is asked for. */
  private static List<ShapeFile> files(Options options) throws IOException {
    List<ShapeFile> files = new ArrayList<>();
    for (Path path : options.shapes()) {
      files.add(ShapeFile.read(path).only(options.only()));
    }
    for (String name : options.only()) {
      if (files.stream().flatMap(file -> file.shapes().stream()).noneMatch(shape -> shape.name().equals(name))) {
        throw new IllegalArgumentException("Shape " + name + " was asked for, and is not in " + options.shapes() + ".");
      }
    }
    return files.stream().filter(file -> !file.shapes().isEmpty()).toList();
  }

  /** Whether no engine failed and no process died. */
  private boolean run(List<ShapeFile> files) throws IOException, InterruptedException {
    System.out.println(Machine.processor() + ", " + Runtime.getRuntime().availableProcessors() + " processors, Java "
        + System.getProperty("java.runtime.version"));
    System.out.print(Table.legend());
    Files.createDirectories(options.out());
    for (ShapeFile file : files) {
      race(file);
      new Report(Machine.facts(options, peaks), rows).write(options.out());
    }
    System.out.printf("%n%sResults: %s%n", Table.summary(rows), options.out().resolve(Report.PAGE));
    return well && rows.stream().noneMatch(row -> row.standing() == Standing.FAILED);
  }

  private void race(ShapeFile file) throws IOException, InterruptedException {
    try (Forks forks = new Forks(file, options)) {
      List<Peak> measured = new ArrayList<>(Peak.measure(options.machine(), options.threads()));
      for (int number = 0; number < options.forks(); number++) {
        int status = forks.run(number);
        if (status != 0) {
          System.err.println("Fork " + (number + 1) + " of " + file.name() + " ended with status " + status
              + "; what it had timed until then counts.");
          well = false;
        }
        measured.addAll(Peak.measure(options.machine(), options.threads()));
      }
      measured.forEach(peak -> peaks.add(Machine.peak(file.name(), peak)));
      for (Outcome outcome : forks.outcomes()) {
        List<Row> contest = Row.of(file.name(), outcome, Peak.best(measured, outcome.threads(), Peak::gigaflops));
        System.out.print(Table.of(contest));
        rows.addAll(contest);
      }
    }
  }
}
