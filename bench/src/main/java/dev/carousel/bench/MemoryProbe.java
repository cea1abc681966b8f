package dev.carousel.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/** The program that measures one engine's memory on one shape, in a process of its own; a line of numbers comes out. */
public final class MemoryProbe {
  static final String SIZE = "size";
  static final String FLAT = "flat";
  static final int POINTS = 10;
  private static final int MODELS = 4;

  private MemoryProbe() {}

  /** What to measure, the engine, the threads, the number of calls, and the words of the shape. */
  public static void main(String[] arguments) throws IOException {
    String engine = arguments[1];
    int threads = Integer.parseInt(arguments[2]);
    Workload workload = Workload.of(
        Shape.parse(String.join(" ", Arrays.asList(arguments).subList(4, arguments.length))));
    long[] numbers = switch (arguments[0]) {
      case SIZE -> size(engine, workload, threads);
      case FLAT -> flat(engine, workload, threads, Long.parseLong(arguments[3]));
      default -> throw new IllegalArgumentException(arguments[0] + " is neither " + SIZE + " nor " + FLAT + ".");
    };
    System.out.println(LongStream.of(numbers).mapToObj(String::valueOf).collect(Collectors.joining(" ")));
    System.exit(0);
  }

  /**
   * Outside the heap and in it: of a model, of its first caller, of a second; then what the library says. A first
   * model and its caller, which load the library and make the JVM compile, do not count.
   */
  private static long[] size(String engine, Workload workload, int threads) throws IOException {
    List<Subject> subjects = new ArrayList<>();
    try {
      subjects.add(Subject.of(engine, workload, threads));
      subjects.getFirst().addCaller();
      Resident before = Resident.settled();
      for (int i = 0; i < MODELS; i++) {
        subjects.add(Subject.of(engine, workload, threads));
      }
      Resident models = Resident.settled();
      subjects.subList(1, 1 + MODELS).forEach(Subject::addCaller);
      Resident first = Resident.settled();
      subjects.subList(1, 1 + MODELS).forEach(Subject::addCaller);
      Resident second = Resident.settled();
      return new long[]{(models.resident() - before.resident()) / MODELS, (models.heap() - before.heap()) / MODELS,
          (first.resident() - models.resident()) / MODELS, (first.heap() - models.heap()) / MODELS,
          (second.resident() - first.resident()) / MODELS, (second.heap() - first.heap()) / MODELS,
          subjects.getLast().modelBytes(), subjects.getLast().callerBytes()};
    } finally {
      subjects.forEach(Subject::close);
    }
  }

  /** What is resident after each tenth of the calls. */
  private static long[] flat(String engine, Workload workload, int threads, long calls) throws IOException {
    long[] resident = new long[POINTS];
    try (Engine opened = Engines.open(engine, workload, threads)) {
      long done = 0;
      for (int point = 0; point < POINTS; point++) {
        for (long until = calls * (point + 1) / POINTS; done < until; done++) {
          opened.run();
        }
        resident[point] = Resident.now();
      }
    }
    return resident;
  }
}
