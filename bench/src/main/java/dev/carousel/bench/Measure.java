package dev.carousel.bench;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The command that measures what a race of raw calls does not show: streams, ragged batches, tails, starts, memory. */
public final class Measure {
  private static final Map<String, Measurement> ALL = new TreeMap<>(Map.of("streams", StreamSteps::measure, "ragged",
      RaggedBatch::measure, "sustained", Sustained::measure, "cold", ColdStart::measure, "memory", MemoryUse::measure,
      "first", FirstCall::measure, "models", WholeModelRace::measure));

  private Measure() {}

  /** One of them. */
  @FunctionalInterface
  interface Measurement {
    List<Sheet> measure(MeasureOptions options) throws IOException, InterruptedException;
  }

  /** Runs the measurement that the first word names. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    List<String> words = Arrays.asList(arguments);
    if (words.equals(List.of("--help"))) {
      System.out.print(MeasureOptions.USAGE);
      return;
    }
    String name = words.isEmpty() ? "" : words.getFirst();
    MeasureOptions options;
    try {
      if (!name.equals("all") && !ALL.containsKey(name)) {
        throw new IllegalArgumentException("'" + name + "' is no measurement. There are " + ALL.keySet() + ".");
      }
      options = MeasureOptions.parse(words.subList(1, words.size()));
    } catch (IllegalArgumentException wrong) {
      System.err.println(wrong.getMessage());
      System.err.print(MeasureOptions.USAGE);
      System.exit(2);
      return;
    }
    try {
      for (Map.Entry<String, Measurement> one : ALL.entrySet()) {
        if (name.equals("all") || name.equals(one.getKey())) {
          print(one.getValue().measure(options), options);
        }
      }
    } catch (IllegalArgumentException | IllegalStateException | UnsupportedOperationException wrong) {
      System.err.println(wrong.getMessage());
      System.exit(1);
    }
    System.exit(0); // some libraries leave threads behind that would keep the process
  }

  private static void print(List<Sheet> sheets, MeasureOptions options) throws IOException {
    for (Sheet sheet : sheets) {
      System.out.println(sheet.table());
      if (options.out().isPresent()) {
        sheet.write(options.out().get());
      }
    }
  }

  /** The shapes of the file that are asked for by name, or else these. */
  static List<Shape> shapes(MeasureOptions options, String... usual) throws IOException {
    List<String> names = options.only().isEmpty() ? List.of(usual) : options.only();
    List<Shape> shapes = ShapeFile.read(options.shapes()).only(names).shapes();
    if (shapes.size() != names.size()) {
      throw new IllegalArgumentException("Shapes " + names + " were asked for, and " + options.shapes() + " has only "
          + shapes.stream().map(Shape::name).toList() + " of them.");
    }
    return shapes;
  }
}
