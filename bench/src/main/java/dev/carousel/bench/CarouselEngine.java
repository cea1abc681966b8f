package dev.carousel.bench;

import dev.carousel.Devices;
import dev.carousel.Model;
import dev.carousel.Predictor;
import dev.carousel.spi.CompileOptions;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** A device of Carousel, through a {@link Predictor}: in its own memory, or on the caller's where lengths are mixed. */
final class CarouselEngine implements Engine {
  private static final long ALIGNMENT = 64; // a cache line, and an AVX-512 register

  private final Workload workload;
  private final Arena arena = Arena.ofConfined();
  private final MemorySegment input; // [steps][batch][inputs]
  private final MemorySegment output; // [steps][batch][directions * hidden]
  private final Model model;
  private final Predictor predictor;

  private CarouselEngine(Workload workload, Model model) {
    this.workload = workload;
    this.model = model;
    predictor = model.newPredictor(workload.shape().steps(), workload.shape().batch());
    Shape shape = workload.shape();
    boolean inPlace = workload.lengths() == null;
    input = inPlace ? predictor.input(shape.steps(), shape.batch())
        : arena.allocate(4L * workload.input().length, ALIGNMENT);
    MemorySegment.copy(workload.input(), 0, input, ValueLayout.JAVA_FLOAT, 0, workload.input().length);
    output = inPlace ? predictor.predict(shape.steps(), shape.batch())
        : arena.allocate(4L * workload.outputCount(), ALIGNMENT);
    output.fill((byte) 0xff); // NaN: what is not written fails the check
  }

  static Engine open(String device, Workload workload, int threads) {
    Model model = Model.compile(workload.network(), workload.weights(), Devices.byId(device),
        new CompileOptions(threads));
    try {
      return new CarouselEngine(workload, model);
    } catch (RuntimeException | Error failure) {
      model.close();
      throw failure;
    }
  }

  @Override
  public void run() {
    int steps = workload.shape().steps();
    int batch = workload.shape().batch();
    if (workload.lengths() == null) {
      predictor.predict(steps, batch);
    } else {
      predictor.predict(input, steps, batch, workload.lengths(), output);
    }
  }

  @Override
  public float[] output() {
    return output.toArray(ValueLayout.JAVA_FLOAT);
  }

  @Override
  public void close() {
    predictor.close();
    model.close();
    arena.close();
  }
}
