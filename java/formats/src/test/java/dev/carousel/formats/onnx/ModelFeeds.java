package dev.carousel.formats.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.carousel.Devices;
import dev.carousel.Embedding;
import dev.carousel.Model;
import dev.carousel.formats.data.NdArray;
import dev.carousel.formats.model.Axis;
import dev.carousel.formats.model.Port;
import dev.carousel.formats.model.SavedModel;
import dev.carousel.formats.npy.Npy;
import dev.carousel.formats.run.BatchRun;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;

/** Inputs for a model, and the reference device's outputs of them. */
record ModelFeeds(SavedModel model, Map<String, NdArray> inputs) {
  private static final double TOLERANCE = 1e-5;

  /** The same, of a few steps and sequences; of one where the model has no dimension for more. */
  static ModelFeeds drawn(SavedModel model, int seed) {
    List<Axis> axes = model.signature().rows().axes();
    boolean steps = axes.contains(Axis.STEPS) || axes.contains(Axis.REVERSED_STEPS);
    return drawn(model, steps ? 1 + seed % 6 : 1, axes.contains(Axis.BATCH) ? 1 + seed % 5 : 1, seed);
  }

  /** Numbers within 1, indices and lengths, of as many steps and sequences. */
  static ModelFeeds drawn(SavedModel model, int steps, int batch, long seed) {
    Random random = new Random(seed);
    Map<String, NdArray> inputs = new LinkedHashMap<>();
    for (Port port : model.signature().inputs()) {
      List<Long> shape = port.axes().stream().map(axis -> switch (axis.kind()) {
        case STEPS, REVERSED_STEPS -> (long) steps;
        case BATCH -> (long) batch;
        case COLUMNS -> (long) axis.size();
      }).toList();
      long count = NdArray.count(shape);
      MemorySegment data = MemorySegment.ofArray(new byte[(int) count * port.element().bytes()]);
      for (int i = 0; i < count; i++) {
        switch (port.content()) {
          case LENGTHS -> port.element().setLong(data, i, random.nextInt(steps + 1));
          case ROWS, STATES, RESULTS -> {
            if (port.content() == Port.Content.ROWS
                && model.network().layers().getFirst() instanceof Embedding embedding) {
              port.element().setFloat(data, i, random.nextInt(embedding.vocabulary()));
            } else {
              port.element().setFloat(data, i, random.nextFloat(-1, 1));
            }
          }
        }
      }
      inputs.put(port.name(), new NdArray(port.element(), shape, data));
    }
    return new ModelFeeds(model, inputs);
  }

  /** What the reference device makes of them. */
  Map<String, NdArray> outputs() {
    return outputs(model, inputs);
  }

  /** What the reference device makes of these. */
  static Map<String, NdArray> outputs(SavedModel model, Map<String, NdArray> inputs) {
    if (model.network().inputs().size() > 1 || model.network().outputs().size() > 1
        || (model.network().input().width() > 1 && model.network().takesIndices())
        || !model.network().output().axis().equals(dev.carousel.spi.form.Axis.RUN)) {
      return PortRun.run(model, inputs);
    }
    Map<String, Npy> arrays = new LinkedHashMap<>();
    inputs.forEach((name, array) -> arrays.put(name, new Npy(array, false)));
    try (Model compiled = Model.compile(model.network(), model.weights(), Devices.byId("reference"))) {
      return BatchRun.of(model, arrays, null).run(compiled);
    }
  }

  /** All outputs are those of the reference device. */
  void check(Map<String, NdArray> outputs) {
    Map<String, NdArray> expected = outputs();
    assertThat(outputs.keySet()).containsExactlyElementsOf(expected.keySet());
    expected.forEach((name, array) -> {
      NdArray output = Objects.requireNonNull(outputs.get(name));
      assertThat(output.element()).isEqualTo(array.element());
      assertThat(output.shape()).as(name).isEqualTo(array.shape());
      for (int i = 0; i < array.count(); i++) {
        assertThat(output.getFloat(i)).as("%s[%d] of %s, %s", name, i, model.network(), model.signature())
            .isCloseTo(array.getFloat(i), within((float) TOLERANCE));
      }
    });
  }
}
