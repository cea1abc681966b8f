package dev.carousel.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Streams of one LSTM layer, a step of each: one after the other, and together as one batch. */
final class StreamSteps {
  private static final List<Integer> COUNTS = List.of(1, 4, 16, 64, 256);
  private static final List<Integer> WIDTHS = List.of(512, 1024);
  private static final int CHECKED_STEPS = 3;
  private static final int COMPARED = 8; // streams
  private static final double SECONDS = 1;

  private StreamSteps() {}

  static List<Sheet> measure(MeasureOptions options) {
    List<List<Object>> rows = new ArrayList<>();
    Quiet quiet = new Quiet();
    for (int width : WIDTHS) {
      for (int count : COUNTS) {
        Workload workload = Workload.of(Shape.parse("streams lstm 1 " + count + " " + width + " " + width + " 1 1"));
        float[] expected = expected(workload);
        for (int threads : options.threads()) {
          rows.addAll(rows(workload, threads, expected, options, quiet));
        }
      }
    }
    return List.of(new Sheet("streams",
        "A step of each of so many streams of one LSTM layer: one after the other, and as"
            + " one batch (medians; gain: what the batch saves, round by round).",
        List.of("hidden", "streams", "threads", "engine", "singlyMs", "batchMs", "gain", "batchMinMs", "batchMaxMs"),
        rows));
  }

  /** Which streams are compared with the reference device: a few, from the first on, spread over all. */
  private static int[] compared(int streams) {
    int count = Math.min(streams, COMPARED);
    return IntStream.range(0, count).map(i -> i * streams / count).toArray();
  }

  private static float[] expected(Workload workload) {
    try (Streams streams = Streams.open("reference", workload.rows(compared(workload.shape().batch())), 1, true)) {
      return steps(streams);
    }
  }

  private static double difference(float[] output, float[] expected, Shape shape) {
    int hidden = shape.hidden();
    int[] rows = compared(shape.batch());
    double largest = 0;
    for (int i = 0; i < expected.length; i++) {
      double apart = Math.abs((double) output[rows[i / hidden] * hidden + i % hidden] - expected[i]);
      largest = Double.isNaN(apart) ? Double.POSITIVE_INFINITY : Math.max(largest, apart);
    }
    return largest;
  }

  private static float[] steps(Streams streams) {
    streams.reset();
    for (int step = 0; step < CHECKED_STEPS; step++) {
      streams.run();
    }
    return streams.output();
  }

  private static List<List<Object>> rows(Workload workload, int threads, float[] expected, MeasureOptions options,
      Quiet quiet) {
    List<String> names = options.engines("cpu/fused", "onnxruntime", "pytorch");
    List<Streams> all = new ArrayList<>(); // of each engine those that go singly, then those that go together
    try {
      for (String name : names) {
        for (boolean together : List.of(false, true)) {
          Streams streams = Streams.open(name, workload, threads, together);
          all.add(streams);
          Agreement.check(name, difference(steps(streams), expected, workload.shape()));
        }
      }
      List<Laps> laps = Laps.of(all, options.seconds(SECONDS), quiet);
      List<List<Object>> rows = new ArrayList<>();
      for (int i = 0; i < names.size(); i++) {
        Laps singly = laps.get(2 * i);
        Laps batch = laps.get(2 * i + 1);
        rows.add(List.of(workload.shape().hidden(), workload.shape().batch(), threads, names.get(i), singly.median(),
            batch.median(), singly.pairs(batch), batch.min(), batch.max()));
      }
      return rows;
    } finally {
      all.forEach(Streams::close);
    }
  }
}
