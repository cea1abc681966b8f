package dev.carousel.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import dev.carousel.Conv;
import dev.carousel.Devices;
import dev.carousel.Elementwise;
import dev.carousel.Initialisation;
import dev.carousel.LayerNorm;
import dev.carousel.Lstm;
import dev.carousel.Model;
import dev.carousel.Network;
import dev.carousel.Predictor;
import dev.carousel.Softmax;
import dev.carousel.Weights;
import dev.carousel.WindowPool;
import dev.carousel.spi.form.Activation;
import dev.carousel.spi.form.Window;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Scanner;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A call allocates nothing on the heap and keeps nothing off it. */
@ExtendWith(NativeCode.class)
final class CallCostTest {
  private static final Network NETWORK = Network.of(Lstm.of(16, 24).bidirectional(), Lstm.of(48, 24));
  private static final Network WINDOWS = Network.of(Conv.of(16, 20, 3).causal(), LayerNorm.of(20),
      WindowPool.max(20, 2).window(Window.of(2).padSame()), Lstm.of(20, 24),
      Elementwise.of(24, Activation.Kind.GELU.of()),
      Softmax.of(24).logarithm());
  private static final int STEPS = 4;
  private static final int BATCH = 3;
  private static final int WARM = 20_000;
  private static final int CALLS = 1_000;

  static Stream<Arguments> calls() {
    return Stream.of("cpu/fused", "cpu/openblas")
        .flatMap(device -> Stream.of(Arguments.of(device, NETWORK), Arguments.of(device, WINDOWS)));
  }

  @ParameterizedTest
  @MethodSource("calls")
  void aCallAllocatesNothing(String device, Network network) {
    float[] data = new float[STEPS * BATCH * 16];
    float[] result = new float[STEPS * BATCH * 24];
    int[] lengths = {4, 1, 2};
    try (Model model = Model.compile(network, Weights.seeded(network, Initialisation.KERAS, 1), Devices.byId(device));
        Predictor predictor = model.newPredictor(STEPS, BATCH)) {
      assertThat(bytes(() -> predictor.predict(data, STEPS, BATCH, null, result))).as("all of a length").isZero();
      assertThat(bytes(() -> predictor.predict(data, STEPS, BATCH, lengths, result))).as("mixed lengths").isZero();
      assertThat(bytes(() -> {
        for (int steps = 1; steps <= STEPS; steps++) {
          predictor.predict(steps, 1 + steps % BATCH);
        }
      })).as("sizes up and down").isZero();
      assertThat(bytes(() -> predictor.states().reset(1))).as("a row reset").isZero();
    }
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

  /** 1 MiB is about a byte a call. */
  @Test
  void residentMemoryStaysFlat() throws IOException {
    Path status = Path.of("/proc/self/statm");
    assumeTrue(Files.exists(status), "The system has no /proc/self/statm.");
    float[] data = new float[16];
    float[] result = new float[24];
    try (Model model = Model.compile(NETWORK, Weights.seeded(NETWORK, Initialisation.KERAS, 1),
        Devices.byId("cpu/fused")); Predictor predictor = model.newPredictor(1, 1)) {
      long before = 0;
      for (int i = 0; i < 2_000_000; i++) {
        if (i == 1_000_000) {
          before = resident(status);
        }
        predictor.predict(data, 1, 1, null, result);
      }
      assertThat(resident(status) - before).as("bytes more after a million calls").isLessThan(1 << 20);
    }
  }

  private static long resident(Path status) throws IOException {
    try (Scanner numbers = new Scanner(status, StandardCharsets.US_ASCII)) { // pages: of all, and of those that are resident
      numbers.nextLong();
      return numbers.nextLong() * 4096;
    }
  }
}
