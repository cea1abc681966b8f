package dev.carousel.formats.keras;

import dev.carousel.Layer;
import dev.carousel.Tensor;
import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.model.Padding;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What there is of a network while Keras' layers are taken one after the other. */
final class LayerStack {
  final LayerWeights source;
  final KerasVersion version;
  final List<Layer> layers = new ArrayList<>();
  final Map<String, Tensor> tensors = new LinkedHashMap<>();

  boolean recurrent; // whether there was a recurrent layer
  boolean sequence = true; // whether there is a row a step, rather than one a sequence
  boolean flipped; // whether the author's steps run the other way than ours
  Optional<Float> mask = Optional.empty();
  Padding padding = Padding.ZERO;

  LayerStack(LayerWeights source, KerasVersion version) {
    this.source = source;
    this.version = version;
  }

  /** Adds a tensor of the layer that comes next. */
  void tensor(String name, Tensor tensor) {
    tensors.put(layers.size() + "." + name, tensor);
  }

  /** The layer takes rows of the width that there are, whatever it is for the first. */
  void checkWidth(LayerConfig layer, int inputs) throws FormatException {
    layer.check(layers.isEmpty() || layers.getLast().outputs() == inputs,
        "takes rows of %d, and the layer before it gives rows of %d", inputs,
        layers.isEmpty() ? 0 : layers.getLast().outputs());
  }

  /** The layer takes a row a step. */
  void checkSequence(LayerConfig layer) throws FormatException {
    layer.check(sequence, "takes a row a step, and a layer before it leaves one a sequence (return_sequences=False)");
  }
}
