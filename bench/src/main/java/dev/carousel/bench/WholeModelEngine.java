package dev.carousel.bench;

import dev.carousel.Devices;
import dev.carousel.Model;
import dev.carousel.Network;
import dev.carousel.Predictor;
import dev.carousel.spi.CompileOptions;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.LinkedHashMap;
import java.util.Map;

/** A whole model on a device of Carousel: inputs and the first output by name, in memory of the caller's. */
final class WholeModelEngine implements Engine {
  private static final long ALIGNMENT = 64;

  private final Arena arena = Arena.ofConfined();
  private final Model model;
  private final Predictor predictor;
  private final int steps;
  private final int batch;
  private final Map<String, MemorySegment> inputs = new LinkedHashMap<>();
  private final MemorySegment output;
  private final Map<String, MemorySegment> outputs;

  WholeModelEngine(String device, WholeModel whole, int batch, int threads) {
    steps = whole.steps();
    this.batch = batch;
    model = Model.compile(whole.saved().network(), whole.saved().weights(), Devices.byId(device),
        new CompileOptions(threads));
    predictor = model.newPredictor(steps, batch);
    for (Network.Input input : whole.saved().network().inputs()) {
      MemorySegment data = whole.data(input, batch);
      inputs.put(input.name(), arena.allocate(data.byteSize(), ALIGNMENT).copyFrom(data));
    }
    output = arena.allocate(4L * whole.outputCount(batch), ALIGNMENT);
    output.fill((byte) 0xff); // NaN: what is not written fails the check
    outputs = Map.of(whole.output().name(), output);
  }

  @Override
  public void run() {
    predictor.predict(inputs, steps, batch, null, outputs);
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
