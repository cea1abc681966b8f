package dev.carousel.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;

/**
 * The command that times engines against each other, on shapes from a file. How a turn is timed stands at
 * {@link Contest}.
 */
public final class Race {
  private Race() {}

  /** Runs the race and ends with the exit status that the usage tells. */
  public static void main(String[] arguments) throws IOException {
    if (arguments.length == 1 && arguments[0].equals("--help")) {
      System.out.print(Options.USAGE);
      return;
    }
    Options options;
    List<Shape> shapes;
    try {
      options = Options.parse(arguments);
      shapes = shapes(options);
    } catch (IllegalArgumentException wrong) {
      System.err.println(wrong.getMessage());
      System.err.print(Options.USAGE);
      System.exit(2);
      return;
    }
    System.exit(run(options, shapes) ? 0 : 1);
  }

  private static List<Shape> shapes(Options options) throws IOException {
    List<Shape> shapes = Files.readAllLines(options.shapes()).stream()
        .map(line -> line.contains("#") ? line.substring(0, line.indexOf('#')) : line)
        .filter(line -> !line.isBlank()).map(Shape::parse).toList();
    for (String name : options.only()) {
      if (shapes.stream().noneMatch(shape -> shape.name().equals(name))) {
        throw new IllegalArgumentException("Shape " + name + " was asked for, and " + options.shapes() + " has "
            + shapes.stream().map(Shape::name).toList() + ".");
      }
    }
    return shapes.stream().filter(shape -> options.only().isEmpty() || options.only().contains(shape.name())).toList();
  }

  /** Whether every engine was timed on every shape. */
  private static boolean run(Options options, List<Shape> shapes) throws IOException {
    System.out.println(Machine.processor() + ", " + Runtime.getRuntime().availableProcessors() + " processors, Java "
        + System.getProperty("java.runtime.version"));
    System.out.println(Table.head());
    Quiet quiet = new Quiet();
    List<Outcome> outcomes = new ArrayList<>();
    for (Shape shape : shapes) {
      for (int threads : options.threads()) {
        Outcome outcome = Contest.run(shape, options.engines(), threads, options.seconds(), quiet);
        System.out.print(Table.rows(outcome));
        outcomes.add(outcome);
        if (options.json().isPresent()) {
          Files.writeString(options.json().get(), Json.of(outcomes));
        }
      }
    }
    if (quiet.noisy() > 0) {
      System.out.println(quiet.noisy() + " turns began although some thread of this process was still computing.");
    }
    return outcomes.stream().allMatch(Outcome::allTimed);
  }
}
