package dev.carousel.formats.run;

import dev.carousel.Dense;
import dev.carousel.Devices;
import dev.carousel.Layer;
import dev.carousel.Model;
import dev.carousel.Network;
import dev.carousel.Predictor;
import dev.carousel.Tensor;
import dev.carousel.Weights;
import dev.carousel.formats.model.Padding;
import dev.carousel.formats.model.SavedModel;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The row of results that stands where nothing was computed: what the dense layers at the end make of zeros. */
final class EmptyRow {
  private EmptyRow() {}

  static float[] of(SavedModel model) {
    List<Layer> layers = model.network().layers();
    int first = layers.size();
    while (first > 0 && layers.get(first - 1) instanceof Dense) {
      first--;
    }
    if (model.signature().padding() == Padding.ZERO || first == layers.size()) {
      return new float[model.network().output().width()];
    }
    Network head = Network.of(new ArrayList<>(layers.subList(first, layers.size())));
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (Tensor.Shape shape : head.tensors()) {
      int dot = shape.name().indexOf('.');
      int layer = first + Integer.parseInt(shape.name().substring(0, dot));
      tensors.put(shape.name(), model.weights().tensor(layer + shape.name().substring(dot)));
    }
    try (Model compiled = Model.compile(head, Weights.of(tensors), Devices.byId("reference"));
        Predictor predictor = compiled.newPredictor(1, 1)) {
      return predictor.predict(new float[head.input().width()], 1, 1);
    }
  }
}
