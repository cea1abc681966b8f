package dev.carousel.formats.run;

import dev.carousel.Devices;
import dev.carousel.Initialisation;
import dev.carousel.Lstm;
import dev.carousel.Model;
import dev.carousel.Network;
import dev.carousel.Predictor;
import dev.carousel.Weights;
import dev.carousel.formats.data.NdArray;
import dev.carousel.formats.model.SavedModel;
import dev.carousel.formats.model.Signature;
import dev.carousel.formats.npy.Npy;
import dev.carousel.spi.CompileOptions;
import dev.carousel.spi.Order;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What a call in the author's layout takes beside a predictor's: {@code RunnerTimes [DEVICE]} prints microseconds. */
final class RunnerTimes {
  private static final int ROUNDS = 15;

  private RunnerTimes() {}

  /** Prints a line for each shape and order. */
  public static void main(String[] arguments) {
    String device = arguments.length > 0 ? arguments[0] : Devices.best().id();
    for (int[] shape : new int[][]{{1, 1}, {20, 8}}) {
      for (Order order : Order.values()) {
        time(device, shape[0], shape[1], order);
      }
    }
  }

  private static void time(String device, int steps, int batch, Order order) {
    Network network = Network.of(Lstm.of(40, 64));
    SavedModel model = new SavedModel(network, Weights.seeded(network, Initialisation.PYTORCH, 1),
        Signature.of(network, order), "a test");
    try (Model compiled = Model.compile(network, model.weights(), Devices.byId(device), new CompileOptions(1));
        Predictor predictor = compiled.newPredictor(steps, batch, order);
        ModelRunner runner = ModelRunner.open(model, compiled, steps, batch);
        Arena arena = Arena.ofConfined()) {
      MemorySegment rows = arena.allocate(runner.bytes("input", steps, batch), 64);
      MemorySegment result = arena.allocate(runner.bytes("output", steps, batch), 64);
      Map<String, MemorySegment> inputs = Map.of("input", rows);
      Map<String, MemorySegment> outputs = Map.of("output", result);
      long first = order == Order.TIME_MAJOR ? steps : batch;
      long second = order == Order.TIME_MAJOR ? batch : steps;
      Map<String, Npy> arrays = Map.of("input", new Npy(NdArray.of(List.of(first, second, 40L),
          new float[steps * batch * 40]), false));
      double[] best = best(
          () -> predictor.predict(rows, steps, batch, null, result),
          () -> runner.run(inputs, steps, batch, null, outputs),
          () -> BatchRun.of(model, arrays, null).run(compiled));
      System.out.println(String.format(Locale.ROOT, "%s T=%d B=%d %s: Predictor %.2f us, ModelRunner %.2f us (%+.2f),"
          + " BatchRun %.2f us", device, steps, batch, order, best[0], best[1], best[1] - best[0], best[2]));
    }
  }

  /** The least microseconds that a call of each took, in turns. */
  private static double[] best(Runnable... calls) {
    double[] best = new double[calls.length];
    java.util.Arrays.fill(best, Double.MAX_VALUE);
    for (int round = 0; round < ROUNDS; round++) {
      for (int i = 0; i < calls.length; i++) {
        int times = i == 2 ? 300 : 3000;
        long start = System.nanoTime();
        for (int j = 0; j < times; j++) {
          calls[i].run();
        }
        best[i] = Math.min(best[i], (System.nanoTime() - start) * 1e-3 / times);
      }
    }
    return best;
  }
}
