package dev.carousel.formats.damage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carousel.Devices;
import dev.carousel.Embedding;
import dev.carousel.Model;
import dev.carousel.formats.data.NdArray;
import dev.carousel.formats.model.Port;
import dev.carousel.formats.model.SavedModel;
import dev.carousel.formats.npy.Npy;
import dev.carousel.formats.run.BatchRun;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** A small run of a model on inputs made after its signature, which therefore has no reason to fail. */
public final class TrialRun {
  private static final long STEPS = 3;
  private static final long BATCH = 2;
  private static final long LARGEST = 1 << 20; // elements: wider rows, which nothing in a file bounds, are not tried

  private TrialRun() {}

  /** Runs on the reference device, and holds what comes out against the signature. */
  public static void of(SavedModel model) {
    Map<String, Npy> inputs = new LinkedHashMap<>();
    for (Port port : model.signature().inputs()) {
      if (NdArray.count(shape(port)) > LARGEST) {
        return;
      }
      inputs.put(port.name(), new Npy(array(model, port), false));
    }
    try (Model compiled = Model.compile(model.network(), model.weights(), Devices.byId("reference"))) {
      Map<String, NdArray> outputs = BatchRun.of(model, inputs, null).run(compiled);
      assertThat(outputs.keySet()).containsExactlyElementsOf(model.signature().outputs().stream().map(Port::name)
          .toList());
      for (Port port : model.signature().outputs()) {
        assertThat(Objects.requireNonNull(outputs.get(port.name())).shape()).isEqualTo(shape(port));
      }
    }
  }

  private static List<Long> shape(Port port) {
    return port.axes().stream().map(axis -> switch (axis.kind()) {
      case STEPS, REVERSED_STEPS -> STEPS;
      case BATCH -> BATCH;
      case COLUMNS -> (long) axis.size();
    }).toList();
  }

  /** All rows are alike, so that a mask covers all of them or none; no length is more than the steps, nor an index 0. */
  private static NdArray array(SavedModel model, Port port) {
    List<Long> shape = shape(port);
    int count = Math.toIntExact(NdArray.count(shape));
    MemorySegment data = MemorySegment.ofArray(new byte[count * port.element().bytes()]);
    for (int i = 0; i < count; i++) {
      switch (port.content()) {
        case LENGTHS -> port.element().setLong(data, i, model.signature().rows().hasSteps() ? i % (STEPS + 1) : i % 2);
        case ROWS -> port.element().setFloat(data, i, model.network().layers().getFirst() instanceof Embedding table
            ? table.vocabulary() - 1
            : 0.5f);
        case STATES, RESULTS -> port.element().setFloat(data, i, i % 7 * 0.125f);
      }
    }
    return new NdArray(port.element(), shape, data);
  }
}
