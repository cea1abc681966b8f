package dev.carousel.bench;

import dev.carousel.Devices;
import dev.carousel.Model;
import dev.carousel.Predictor;
import dev.carousel.spi.CompileOptions;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/** Streams on a device of Carousel: a {@link Predictor} for each, or one with a row for each. */
final class CarouselStreams implements Streams {
  private static final long ALIGNMENT = 64;

  /** Streams that are stepped together. */
  private record Group(Predictor predictor, int rows, MemorySegment input, MemorySegment output) {}

  private final Arena arena = Arena.ofConfined();
  private final Model model;
  private final MemorySegment output; // [streams][hidden]
  private final List<Group> groups = new ArrayList<>();

  private CarouselStreams(Workload workload, Model model, boolean together) {
    this.model = model;
    Shape shape = workload.shape();
    MemorySegment input = arena.allocate(4L * workload.input().length, ALIGNMENT); // [streams][inputs]
    MemorySegment.copy(workload.input(), 0, input, ValueLayout.JAVA_FLOAT, 0, workload.input().length);
    output = arena.allocate(4L * workload.outputCount(), ALIGNMENT);
    output.fill((byte) 0xff); // NaN: what is not written fails the check
    int rows = together ? shape.batch() : 1;
    long in = 4L * rows * shape.inputs();
    long out = 4L * rows * shape.outputs();
    for (int group = 0; group < shape.batch() / rows; group++) {
      groups.add(new Group(model.newPredictor(1, rows), rows, input.asSlice(group * in, in),
          output.asSlice(group * out, out)));
    }
  }

  static Streams open(String device, Workload workload, int threads, boolean together) {
    Model model = Model.compile(workload.network(), workload.weights(), Devices.byId(device),
        new CompileOptions(threads));
    try {
      return new CarouselStreams(workload, model, together);
    } catch (RuntimeException | Error failure) {
      model.close();
      throw failure;
    }
  }

  @Override
  public void run() {
    for (Group group : groups) {
      group.predictor.advance(group.input, 1, group.rows, null, group.output);
    }
  }

  @Override
  public void reset() {
    groups.forEach(group -> group.predictor.states().reset());
  }

  @Override
  public float[] output() {
    return output.toArray(ValueLayout.JAVA_FLOAT);
  }

  @Override
  public void close() {
    groups.forEach(group -> group.predictor.close());
    model.close();
    arena.close();
  }
}
