package dev.carousel.bench;

import java.util.ArrayList;
import java.util.List;

/**
 * Sequences of mixed length: Carousel and PyTorch's packed sequences skip what stands behind a sequence's end,
 * onnxruntime computes it. Beside them sequences of one length with as many steps together, which need no padding.
 */
final class RaggedBatch {
  private static final Shape RAGGED = Shape.parse("ragged lstm 100 128 512 512 1 1 mean=0.43");
  private static final Shape EVEN = Shape.parse("even lstm 43 128 512 512 1 1");
  private static final double SECONDS = 3;

  private RaggedBatch() {}

  static List<Sheet> measure(MeasureOptions options) {
    Workload ragged = Workload.of(RAGGED);
    Workload even = Workload.of(EVEN);
    Oracle raggedOracle = Oracle.of(ragged, Engines::open);
    Oracle evenOracle = Oracle.of(even, Engines::open);
    List<String> names = options.engines("cpu/fused", "onnxruntime", "pytorch");
    double share = (double) even.validSteps() / ragged.validSteps();
    Quiet quiet = new Quiet();
    List<List<Object>> rows = new ArrayList<>();
    for (int threads : options.threads()) {
      List<Engine> engines = new ArrayList<>(); // of each the ragged, then the even one
      try {
        for (String name : names) {
          engines.add(checked(name, ragged, threads, raggedOracle));
          engines.add(checked(name, even, threads, evenOracle));
        }
        List<Laps> laps = Laps.of(engines, options.seconds(SECONDS), quiet);
        for (int i = 0; i < names.size(); i++) {
          Laps one = laps.get(2 * i);
          Laps other = laps.get(2 * i + 1);
          rows.add(List.of(threads, names.get(i), one.median(), other.median(), one.pairs(other) * share,
              one.pairs(laps.getFirst()), one.min(), one.max()));
        }
      } finally {
        engines.forEach(Engine::close);
      }
    }
    return List.of(new Sheet("ragged",
        "128 sequences of up to 100 steps, 43 % on average, I = H = 512, against 128 of 43"
            + " steps (medians). step: a valid step's time as a part of its time without padding; toFirst: the ragged time"
            + " as a part of the first engine's; both round by round.",
        List.of("threads", "engine", "raggedMs", "evenMs", "step", "toFirst", "raggedMinMs", "raggedMaxMs"), rows));
  }

  private static Engine checked(String name, Workload workload, int threads, Oracle oracle) {
    Engine engine = Engines.open(name, workload, threads);
    engine.run();
    Agreement.check(name, engine, oracle, workload.shape());
    return engine;
  }
}
