package dev.carousel.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carousel.Conv;
import dev.carousel.Gru;
import dev.carousel.LayerNorm;
import dev.carousel.Lstm;
import dev.carousel.Network;
import dev.carousel.Network.Input;
import dev.carousel.Network.Node;
import dev.carousel.Pool;
import dev.carousel.WindowPool;
import dev.carousel.conformance.Tolerance;
import dev.carousel.reference.ReferenceProvider;
import dev.carousel.spi.Backend;
import dev.carousel.spi.CompileOptions;
import dev.carousel.spi.Device;
import dev.carousel.spi.Executable;
import dev.carousel.spi.Session;
import dev.carousel.spi.form.Slot;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Drawn windows, widths, columns and lengths give on every device what the reference gives, on any number of threads and
 * in a session that has run before.
 */
@ExtendWith(NativeCode.class)
final class AcrossStepsTest {
  private static final Tolerance TOLERANCE = new Tolerance(Math.ulp(1f) * 16);
  private static final Device REFERENCE = new ReferenceProvider().devices().getFirst();
  private static final int DRAWS = 24;
  private static final int NARROW = 40;
  private static final int WIDE = 400; // where threads share a run

  private static List<Device> devices() {
    return new CpuProvider().devices().stream().filter(device -> device.unavailable().isEmpty()).toList();
  }

  @ParameterizedTest
  @EnumSource
  void drawnOperationsGiveWhatTheReferenceGives(DrawnProgram.Kind kind) {
    for (int seed = 0; seed < DRAWS; seed++) {
      compare(DrawnProgram.of(kind, seed, seed % 4 == 0 ? WIDE : NARROW));
    }
  }

  /** Among them two scans that may run at the same time, each over steps of its own. */
  @Test
  void recurrentLayersStandOnStepsThatFollowFromTheRuns() {
    Network network = Network.of(List.of(Input.rows("in", 6)),
        List.of(Node.of("conv", Conv.of(6, 10, 3).stride(2), "in"), Node.of("pooled", WindowPool.max(6, 2), "in"),
            Node.of("lstm", Lstm.of(10, 9).bidirectional(), "conv"), Node.of("gru", Gru.of(6, 7), "pooled"),
            Node.of("norm", LayerNorm.of(18), "lstm"), Node.of("mean", Pool.mean(18), "norm")),
        "norm", "gru", "mean");
    compare(new DrawnProgram(network.lower().program(), 9, 4, new int[]{0, 3, 9, 5}));
    compare(new DrawnProgram(network.lower().program(), 30, 2, new int[]{4, 29}));
  }

  private static void compare(DrawnProgram drawn) {
    float[] expected = run(new ReferenceProvider().open(REFERENCE), 1, drawn);
    for (Device device : devices()) {
      Backend backend = new CpuProvider().open(device);
      float[] found = run(backend, 1, drawn);
      assertThat(TOLERANCE.compare(device.id(), 1, expected, found).fault()).as(drawn.toString()).isEmpty();
      if (backend.promises().contains(Backend.Promise.THREAD_INDEPENDENT)) {
        assertThat(run(backend, 3, drawn)).as("%s on 3 threads: %s", device.id(), drawn).isEqualTo(found);
      }
    }
  }

  /** The outputs and states of runs of one length and of mixed ones, twice in a row, in one session. */
  private static float[] run(Backend backend, int threads, DrawnProgram drawn) {
    SplittableRandom random = new SplittableRandom(drawn.steps());
    try (Executable executable = backend.compile(drawn.program(), new CompileOptions(threads),
        slot -> MemorySegment
            .ofArray(values(new SplittableRandom(slot.name().hashCode()), slot.rows() * slot.columns())));
        Session session = executable.newSession(drawn.steps() + 2, drawn.batch() + 1)) {
      float[] all = new float[0];
      for (int[] lengths : new int[][]{null, drawn.lengths(), drawn.lengths(), null}) {
        all = joined(all, run(session, drawn, lengths, random));
      }
      return all;
    }
  }

  private static float[] run(Session session, DrawnProgram drawn, int @Nullable [] lengths, SplittableRandom random) {
    session.begin(drawn.steps(), drawn.batch(), lengths);
    for (Slot slot : drawn.program().slots(Slot.Role.INPUT)) {
      session.write(slot,
          MemorySegment.ofArray(values(random, slot.rows(drawn.steps(), drawn.batch()) * slot.columns())));
    }
    session.forward();
    float[] all = new float[0];
    for (Slot slot : drawn.program().slots(Slot.Role.OUTPUT)) {
      float[] values = new float[slot.rows(drawn.steps(), drawn.batch()) * slot.columns()];
      session.read(slot, MemorySegment.ofArray(values));
      all = joined(all, values);
    }
    for (Slot slot : drawn.program().slots(Slot.Role.STATE)) {
      float[] values = new float[drawn.batch() * slot.columns()];
      session.readState(slot, 0, MemorySegment.ofArray(values));
      all = joined(all, values);
    }
    return all;
  }

  private static float[] values(SplittableRandom random, int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) (random.nextDouble() - 0.5);
    }
    return values;
  }

  private static float[] joined(float[] first, float[] second) {
    float[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }
}
