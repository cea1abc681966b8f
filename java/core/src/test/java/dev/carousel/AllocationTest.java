package dev.carousel;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.carousel.spi.Order;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.Test;

final class AllocationTest {
  private static final Network NETWORK = Network.of(Lstm.of(3, 4).bidirectional(), Gru.of(8, 4), LastStep.of(4),
      Dense.of(4, 2).softmax());
  private static final int STEPS = 5;
  private static final int BATCH = 3;
  private static final int WARM = 10_000;
  private static final int CALLS = 1_000;

  @Test
  void aCallAllocatesNothing() {
    float[] data = new float[STEPS * BATCH * 3];
    float[] result = new float[BATCH * 2];
    int[] lengths = {2, 5, 0};
    try (
        Model model = Model.compile(NETWORK, Weights.seeded(NETWORK, Initialisation.KERAS, 1),
            Devices.byId("reference"));
        Predictor predictor = model.newPredictor(STEPS, BATCH);
        Predictor batchMajor = model.newPredictor(STEPS, BATCH, Order.BATCH_MAJOR);
        Arena arena = Arena.ofConfined()) {
      MemorySegment source = arena.allocate(4L * data.length);
      MemorySegment target = arena.allocate(4L * result.length);
      assertThat(bytes(() -> predictor.predict(data, STEPS, BATCH, lengths, result))).as("arrays").isZero();
      assertThat(bytes(() -> predictor.predict(data, STEPS, BATCH, null, result))).as("without lengths").isZero();
      assertThat(bytes(() -> predictor.predict(source, STEPS, BATCH, lengths, target))).as("segments").isZero();
      assertThat(bytes(() -> predictor.predict(STEPS, BATCH))).as("in place").isZero();
      assertThat(bytes(() -> batchMajor.predict(data, STEPS, BATCH, lengths, result))).as("batch-major").isZero();
    }
  }

  /** Sizes go up and down; once each has been seen, none allocates. */
  @Test
  void aCallOfAnotherSizeAllocatesNothing() {
    Network words = Network.of(Embedding.of(9, 3), Lstm.of(3, 4));
    float[][] data = new float[STEPS + 1][];
    float[][] results = new float[STEPS + 1][];
    int[][] indices = new int[STEPS + 1][];
    int[] lengths = {1, 1, 0};
    for (int steps = 1; steps <= STEPS; steps++) {
      data[steps] = new float[steps * BATCH * 3];
      indices[steps] = new int[steps * BATCH];
      results[steps] = new float[steps * BATCH * 4];
    }
    Network rows = Network.of(Lstm.of(3, 4));
    try (Model model = model(rows);
        Model tagger = model(words);
        Predictor predictor = model.newPredictor(STEPS, BATCH);
        Predictor batchMajor = model.newPredictor(STEPS, BATCH, Order.BATCH_MAJOR);
        Predictor tags = tagger.newPredictor(STEPS, BATCH)) {
      assertThat(bytes(each(steps -> predictor.advance(data[steps], steps, BATCH, null, results[steps]))))
          .as("arrays").isZero();
      assertThat(bytes(each(steps -> predictor.predict(data[steps], steps, BATCH, lengths, results[steps]))))
          .as("lengths").isZero();
      assertThat(bytes(each(steps -> predictor.predict(steps, 1 + steps % BATCH)))).as("in place").isZero();
      assertThat(bytes(each(steps -> predictor.input(steps, 1 + steps % BATCH)))).as("the input's place").isZero();
      assertThat(bytes(each(steps -> batchMajor.predict(data[steps], steps, BATCH, null, results[steps]))))
          .as("batch-major").isZero();
      assertThat(bytes(each(steps -> tags.predict(indices[steps], steps, BATCH, lengths, results[steps]))))
          .as("indices").isZero();
      assertThat(bytes(each(steps -> predictor.states().reset(steps % BATCH)))).as("a row reset").isZero();
    }
  }

  private static Model model(Network network) {
    return Model.compile(network, Weights.seeded(network, Initialisation.KERAS, 1), Devices.byId("reference"));
  }

  private static Runnable each(IntConsumer call) {
    return () -> {
      for (int steps = 1; steps <= STEPS; steps++) {
        call.accept(steps);
      }
    };
  }

  /** The bytes that a call allocates once the compiler is done with it: the least of several counts. */
  private static long bytes(Runnable call) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    for (int i = 0; i < WARM; i++) {
      call.run();
    }
    long least = Long.MAX_VALUE;
    for (int attempt = 0; attempt < 5; attempt++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < CALLS; i++) {
        call.run();
      }
      least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
    }
    return least / CALLS;
  }
}
