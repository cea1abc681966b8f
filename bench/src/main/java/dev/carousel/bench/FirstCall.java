package dev.carousel.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * How long an engine takes to be made, its first call, its second, and a later one, in a process in which it has run
 * before. What the process's very first call costs belongs to {@link ColdStart}.
 */
final class FirstCall {
  private static final int STEADY = 20; // calls
  private static final long MOST = 500_000_000; // ns of steady calls

  private FirstCall() {}

  /** One life of an engine, in milliseconds. */
  private record Life(double open, double first, double second, double steady) {}

  static List<Sheet> measure(MeasureOptions options) throws IOException {
    List<List<Object>> rows = new ArrayList<>();
    Quiet quiet = new Quiet();
    List<String> names = options.engines("cpu/fused", "onnxruntime", "pytorch");
    for (Shape shape : Measure.shapes(options, "A", "B", "D", "G")) {
      Workload workload = Workload.of(shape);
      Oracle oracle = Oracle.of(workload, Engines::open);
      for (int threads : options.threads()) {
        List<List<Life>> lives = names.stream().<List<Life>>map(_ -> new ArrayList<>()).toList();
        for (int repeat = 0; repeat <= options.repeats(); repeat++) {
          for (int i = 0; i < names.size(); i++) {
            quiet.await();
            Life life = live(names.get(i), workload, threads, oracle);
            if (repeat > 0) { // the first loads the libraries
              lives.get(i).add(life);
            }
          }
        }
        for (int i = 0; i < names.size(); i++) {
          rows.add(row(shape, threads, names.get(i), lives.get(i)));
        }
      }
    }
    return List.of(new Sheet("first", "An engine is made from weights in memory, then called (medians over lives in one"
        + " process that take turns).",
        List.of("shape", "threads", "engine", "openMs", "firstMs", "secondMs", "steadyMs", "firstToSteady"), rows));
  }

  private static Life live(String name, Workload workload, int threads, Oracle oracle) {
    long start = System.nanoTime();
    try (Engine engine = Engines.open(name, workload, threads)) {
      double open = (System.nanoTime() - start) * 1e-6;
      double first = call(engine);
      Agreement.check(name, engine, oracle, workload.shape());
      double second = call(engine);
      List<Double> later = new ArrayList<>();
      long steady = System.nanoTime();
      do {
        later.add(call(engine));
      } while (later.size() < STEADY && System.nanoTime() - steady < MOST);
      return new Life(open, first, second, Statistics.median(later));
    }
  }

  private static double call(Engine engine) {
    long start = System.nanoTime();
    engine.run();
    return (System.nanoTime() - start) * 1e-6;
  }

  private static List<Object> row(Shape shape, int threads, String engine, List<Life> lives) {
    return List.of(shape.name(), threads, engine, median(lives, Life::open), median(lives, Life::first),
        median(lives, Life::second), median(lives, Life::steady),
        median(lives, life -> life.first() / life.steady()));
  }

  private static double median(List<Life> lives, ToDoubleFunction<Life> part) {
    return Statistics.median(lives.stream().map(part::applyAsDouble).toList());
  }
}
