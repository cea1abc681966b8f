package dev.carousel.formats.run;

import dev.carousel.Columns;
import dev.carousel.Concat;
import dev.carousel.Dense;
import dev.carousel.Devices;
import dev.carousel.Elementwise;
import dev.carousel.Layer;
import dev.carousel.LayerNorm;
import dev.carousel.Merge;
import dev.carousel.Model;
import dev.carousel.Network;
import dev.carousel.Noise;
import dev.carousel.Predictor;
import dev.carousel.Scale;
import dev.carousel.Softmax;
import dev.carousel.formats.model.Padding;
import dev.carousel.formats.model.SavedModel;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The row of an output that stands where nothing was computed: what the layers at the end make of zeros. */
final class EmptyRow {
  private EmptyRow() {}

  static float[] of(SavedModel model, String output) {
    Network network = model.network();
    float[] row = new float[network.rows(output).width()];
    Set<String> begins = begins(network, output);
    if (model.signature().padding() == Padding.ZERO || begins.isEmpty()) {
      return row;
    }
    SavedModel tail = model.part(begins, List.of(output));
    Map<String, MemorySegment> zeros = new HashMap<>();
    for (Network.Input input : tail.network().inputs()) {
      zeros.put(input.name(), MemorySegment.ofArray(new float[input.width()]));
    }
    try (Model compiled = Model.compile(tail.network(), tail.weights(), Devices.byId("reference"));
        Predictor predictor = compiled.newPredictor(1, 1)) {
      predictor.predict(zeros, 1, 1, null, Map.of(output, MemorySegment.ofArray(row)));
    }
    return row;
  }

  /** What the layers at the end, which look at each row alone, read of others; none if the output is no such layer's. */
  private static Set<String> begins(Network network, String output) {
    String from = network.outputs().stream().filter(one -> one.name().equals(output)).findFirst().orElseThrow().from();
    Set<String> tail = new HashSet<>(Set.of(from));
    Set<String> begins = new LinkedHashSet<>();
    for (Network.Node node : network.nodes().reversed()) {
      if (tail.contains(node.name())) {
        if (looksAtRows(node.layer())) {
          tail.addAll(node.reads());
        } else {
          begins.add(node.name());
        }
      }
    }
    network.inputs().stream().map(Network.Input::name).filter(tail::contains).forEach(begins::add);
    begins.remove(from);
    return begins;
  }

  private static boolean looksAtRows(Layer layer) {
    return layer instanceof Dense || layer instanceof Elementwise || layer instanceof Softmax || layer instanceof Scale
        || layer instanceof LayerNorm || layer instanceof Merge || layer instanceof Concat || layer instanceof Columns
        || layer instanceof Noise;
  }
}
