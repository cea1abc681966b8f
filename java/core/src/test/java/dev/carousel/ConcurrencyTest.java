package dev.carousel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

final class ConcurrencyTest {
  private static final int STEPS = 200;
  private static final int WIDTH = 96;
  private static final Network NETWORK = Network.of(Lstm.of(WIDTH, WIDTH));

  @Test
  void aModelIsSharedByThreadsThatOwnTheirPredictors() throws Exception {
    float[] data = new float[STEPS * WIDTH];
    Arrays.fill(data, 0.5f);
    try (Model model = model(); ExecutorService threads = Executors.newFixedThreadPool(4)) {
      List<Callable<float[]>> calls = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        calls.add(() -> {
          try (Predictor predictor = model.newPredictor(STEPS, 1)) {
            return predictor.predict(data, STEPS, 1);
          }
        });
      }
      List<Future<float[]>> results = threads.invokeAll(calls);
      for (Future<float[]> result : results) {
        assertThat(result.get()).isEqualTo(results.getFirst().get());
      }
    }
  }

  /** One thread runs for as long as it takes the other to be refused once; the run itself must stay right. */
  @Test
  void aPredictorInUseRefusesAnotherThread() throws Exception {
    float[] data = new float[STEPS * WIDTH];
    Arrays.fill(data, 0.5f);
    try (Model model = model();
        Predictor predictor = model.newPredictor(STEPS, 1);
        ExecutorService other = Executors.newSingleThreadExecutor()) {
      float[] expected = predictor.predict(data, STEPS, 1);
      String refusal = "";
      while (refusal.isEmpty()) {
        Future<float[]> running = other.submit(() -> {
          while (true) {
            try {
              return predictor.predict(data, STEPS, 1);
            } catch (IllegalStateException busy) {
              Thread.onSpinWait(); // the probe below came first; it holds the predictor for a moment only
            }
          }
        });
        while (refusal.isEmpty() && !running.isDone()) {
          try {
            predictor.states().names();
            predictor.states().reset(0);
          } catch (IllegalStateException busy) {
            refusal = String.valueOf(busy.getMessage());
          }
        }
        assertThat(running.get()).isEqualTo(expected);
      }
      assertThat(refusal).contains("in use by another thread", "Give each thread its own");
    }
  }

  private static Model model() {
    return Model.compile(NETWORK, Weights.seeded(NETWORK, Initialisation.PYTORCH, 1), Devices.byId("reference"));
  }
}
