package dev.carousel.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Call after call for a minute: how many there are in a second, and how long the slowest take. */
final class Sustained {
  private static final double SECONDS = 60;
  private static final long WARM_UP = 1_000_000_000; // ns
  private static final List<Double> QUANTILES = List.of(0.5, 0.9, 0.99, 0.999);

  private Sustained() {}

  static List<Sheet> measure(MeasureOptions options) throws IOException {
    List<List<Object>> rows = new ArrayList<>();
    Quiet quiet = new Quiet();
    for (Shape shape : Measure.shapes(options, "A", "B", "G")) {
      Workload workload = Workload.of(shape);
      Oracle oracle = Oracle.of(workload, Engines::open);
      for (int threads : options.threads()) {
        for (String name : options.engines("cpu/fused", "onnxruntime", "pytorch")) {
          try (Engine engine = Engines.open(name, workload, threads)) {
            engine.run();
            Agreement.check(name, engine, oracle, shape);
            quiet.await();
            Histogram times = run(engine, options.seconds(SECONDS));
            Agreement.check(name, engine, oracle, shape);
            rows.add(row(workload, threads, name, times));
          }
        }
      }
    }
    return List.of(new Sheet("sustained", "Back-to-back calls without a pause. callsPerSecond and GFLOP/s are over all"
        + " calls; the rest are milliseconds of a call, rounded up by at most 1.6 %.",
        List.of("shape", "threads",
            "engine", "calls", "callsPerSecond", "gflops", "p50Ms", "p90Ms", "p99Ms", "p999Ms", "maxMs"),
        rows));
  }

  private static Histogram run(Engine engine, double seconds) {
    Histogram times = new Histogram();
    long start = System.nanoTime();
    while (System.nanoTime() - start < Math.min(WARM_UP, seconds * 1e9)) {
      engine.run();
    }
    start = System.nanoTime();
    long before = start;
    do {
      engine.run();
      long now = System.nanoTime();
      times.add(now - before);
      before = now;
    } while (before - start < seconds * 1e9);
    return times;
  }

  private static List<Object> row(Workload workload, int threads, String engine, Histogram times) {
    double second = times.sum() * 1e-9;
    List<Object> row = new ArrayList<>(List.of(workload.shape().name(), threads, engine, times.total(),
        times.total() / second, workload.operations() * times.total() / second * 1e-9));
    QUANTILES.forEach(part -> row.add(times.quantile(part) * 1e-6));
    row.add(times.largest() * 1e-6);
    return row;
  }
}
