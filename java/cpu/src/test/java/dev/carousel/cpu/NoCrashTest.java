package dev.carousel.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carousel.Devices;
import dev.carousel.Gru;
import dev.carousel.Initialisation;
import dev.carousel.Lstm;
import dev.carousel.Model;
import dev.carousel.Network;
import dev.carousel.Predictor;
import dev.carousel.Weights;
import dev.carousel.spi.CompileOptions;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is used wrongly, by many threads at once, ends in an exception and never in native code. */
@ExtendWith(NativeCode.class)
final class NoCrashTest {
  private static final Network NETWORK = Network.of(Lstm.of(40, 96).bidirectional(), Gru.of(192, 64));
  private static final int STEPS = 12;
  private static final int BATCH = 5;
  private static final int THREADS = 6;
  private static final long SECONDS = 2;

  private static Model model(String device) {
    return Model.compile(NETWORK, Weights.seeded(NETWORK, Initialisation.PYTORCH, 1), Devices.byId(device),
        new CompileOptions(2));
  }

  @ParameterizedTest
  @ValueSource(strings = {"cpu/fused", "cpu/openblas"})
  void closingAndSharingWhileRunningThrowsAndNothingElse(String device) throws InterruptedException {
    AtomicReference<Model> model = new AtomicReference<>(model(device));
    AtomicReference<Predictor> shared = new AtomicReference<>(model.get().newPredictor(STEPS, BATCH));
    ConcurrentLinkedQueue<Throwable> surprises = new ConcurrentLinkedQueue<>();
    AtomicInteger done = new AtomicInteger();
    long end = System.nanoTime() + SECONDS * 1_000_000_000;
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      threads.add(Thread.ofPlatform().start(() -> {
        float[] data = new float[STEPS * BATCH * 40];
        while (System.nanoTime() < end) {
          try {
            act(device, model, shared, data, done);
          } catch (IllegalStateException | IllegalArgumentException expected) {
            assertThat(expected.getMessage()).isNotBlank();
          } catch (Throwable surprise) {
            surprises.add(surprise);
          }
        }
      }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(surprises).isEmpty();
    assertThat(done.get()).as("calls that went through").isPositive();
    shared.get().close();
    model.get().close();
  }

  private static void act(String device, AtomicReference<Model> model, AtomicReference<Predictor> shared, float[] data,
      AtomicInteger done) {
    int choice = ThreadLocalRandom.current().nextInt(40);
    if (choice == 0) {
      Model fresh = model(device);
      Model old = model.getAndSet(fresh);
      Predictor unused = shared.getAndSet(fresh.newPredictor(STEPS, BATCH));
      close(unused::close);
      close(old::close);
    } else if (choice < 4) {
      Predictor fresh = model.get().newPredictor(STEPS, BATCH);
      close(shared.getAndSet(fresh)::close);
    } else {
      shared.get().predict(data, STEPS, BATCH);
      done.incrementAndGet();
    }
  }

  /** What is in use refuses; it is asked again until it is not. */
  private static void close(Runnable closing) {
    while (true) {
      try {
        closing.run();
        return;
      } catch (IllegalStateException inUse) {
        Thread.onSpinWait();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"cpu/fused", "cpu/openblas"})
  void freedMemoryIsRefused(String device) {
    try (Model model = model(device); Predictor predictor = model.newPredictor(STEPS, BATCH)) {
      Arena arena = Arena.ofConfined();
      MemorySegment data = arena.allocate(4L * STEPS * BATCH * 40);
      MemorySegment result = arena.allocate(4L * STEPS * BATCH * 64);
      arena.close();
      assertThatThrownBy(() -> predictor.predict(data, STEPS, BATCH, null, result))
          .isInstanceOfAny(IllegalStateException.class, IllegalArgumentException.class);
      assertThat(predictor.predict(new float[STEPS * BATCH * 40], STEPS, BATCH)).hasSize(STEPS * BATCH * 64);
    }
  }

  @Test
  void manyModelsComeAndGo() {
    for (int i = 0; i < 50; i++) {
      try (Model model = model("cpu/fused"); Predictor predictor = model.newPredictor(1, 1)) {
        assertThat(predictor.predict(new float[40], 1, 1)).hasSize(64);
      }
    }
  }
}
