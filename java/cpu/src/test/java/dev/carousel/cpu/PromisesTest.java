package dev.carousel.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carousel.Devices;
import dev.carousel.Gru;
import dev.carousel.Initialisation;
import dev.carousel.Layer;
import dev.carousel.Lstm;
import dev.carousel.Model;
import dev.carousel.Network;
import dev.carousel.Predictor;
import dev.carousel.Rnn;
import dev.carousel.Weights;
import dev.carousel.spi.CompileOptions;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The same bits whatever the batch, the threads and the cut of time, at sizes where cpu/fused does use its threads. */
@ExtendWith(NativeCode.class)
final class PromisesTest {
  private static final int STEPS = 7;
  private static final int BATCH = 33;
  private static final int WIDTH = 200;

  static Stream<Layer> layers() {
    return Stream.of(Rnn.of(WIDTH, WIDTH), Lstm.of(WIDTH, WIDTH), Lstm.of(WIDTH, WIDTH).bidirectional(),
        Lstm.of(WIDTH, WIDTH).peephole().coupled(), Lstm.of(WIDTH, WIDTH).projection(72),
        Gru.of(WIDTH, WIDTH), Gru.of(WIDTH, WIDTH).resetBefore().bidirectional());
  }

  @ParameterizedTest
  @MethodSource("layers")
  void threadsBatchAndCutOfTimeLeaveTheBitsAlone(Layer layer) {
    Network network = Network.of(layer);
    float[] data = data(STEPS * BATCH * WIDTH);
    float[] expected = predict(network, 1, data, STEPS, BATCH);
    for (int threads = 2; threads <= 5; threads++) {
      assertThat(predict(network, threads, data, STEPS, BATCH)).as("%d threads", threads).isEqualTo(expected);
    }
    int width = network.output().width();
    for (int row = 0; row < BATCH; row += 16) {
      float[] single = predict(network, 2, columns(data, row, WIDTH), STEPS, 1);
      assertThat(single).as("row %d alone", row).isEqualTo(columns(expected, row, width));
    }
    if (!layer.toString().contains("CONCAT")) { // a reverse direction needs all steps at once
      assertThat(stream(network, data)).as("a step at a time").isEqualTo(expected);
    }
  }

  private static float[] predict(Network network, int threads, float[] data, int steps, int batch) {
    try (Model model = model(network, threads); Predictor predictor = model.newPredictor(steps, batch)) {
      return predictor.predict(data, steps, batch);
    }
  }

  private static float[] stream(Network network, float[] data) {
    int width = network.output().width();
    float[] all = new float[STEPS * BATCH * width];
    float[] one = new float[BATCH * width];
    try (Model model = model(network, 2); Predictor predictor = model.newPredictor(1, BATCH)) {
      for (int step = 0; step < STEPS; step++) {
        predictor.advance(Arrays.copyOfRange(data, step * BATCH * WIDTH, (step + 1) * BATCH * WIDTH), 1, BATCH, null,
            one);
        System.arraycopy(one, 0, all, step * one.length, one.length);
      }
    }
    return all;
  }

  private static Model model(Network network, int threads) {
    return Model.compile(network, Weights.seeded(network, Initialisation.PYTORCH, 3), Devices.byId("cpu/fused"),
        new CompileOptions(threads));
  }

  private static float[] columns(float[] data, int row, int width) {
    float[] one = new float[STEPS * width];
    for (int step = 0; step < STEPS; step++) {
      System.arraycopy(data, (step * BATCH + row) * width, one, step * width, width);
    }
    return one;
  }

  private static float[] data(int count) {
    SplittableRandom random = new SplittableRandom(5);
    float[] data = new float[count];
    for (int i = 0; i < count; i++) {
      data[i] = (float) (2 * random.nextDouble() - 1);
    }
    return data;
  }
}
