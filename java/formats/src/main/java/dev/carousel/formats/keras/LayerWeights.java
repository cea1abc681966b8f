package dev.carousel.formats.keras;

import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.data.NdArray;
import java.util.ArrayList;
import java.util.List;

/** Where a file keeps the weights of its layers. */
sealed interface LayerWeights {

  /** A part of a layer that has weights, with the way to them that Keras 3 takes. */
  enum Part {
    OWN("vars"), CELL("cell/vars"), FORWARD("forward_layer/cell/vars"), BACKWARD("backward_layer/cell/vars"), WRAPPED(
        "layer/vars");

    private final String path;

    Part(String path) {
      this.path = path;
    }
  }

  /**
   * The weights of a part of a layer, in the order of the names that Keras gives them; as many as there are names, or
   * it is refused.
   */
  List<NdArray> of(LayerConfig layer, Part part, List<String> names) throws FormatException;

  /** By the names of layers and weights, which are attributes: Keras 2, and {@code .h5} of Keras 3. */
  record Named(HdfGroup group) implements LayerWeights {

    @Override
    public List<NdArray> of(LayerConfig layer, Part part, List<String> names) throws FormatException {
      HdfGroup below = group.find(layer.name())
          .orElseThrow(() -> layer.refusal("has no group of weights in the file"));
      List<String> all = below.texts("weight_names");
      List<String> paths = switch (part) {
        case OWN, CELL, WRAPPED -> all;
        case FORWARD -> all.subList(0, all.size() / 2);
        case BACKWARD -> all.subList(all.size() / 2, all.size());
      };
      List<String> leaves = paths.stream().map(Named::leaf).toList();
      layer.check(leaves.equals(names), "has the weights %s in the file, and %s are needed", leaves, names);
      List<NdArray> arrays = new ArrayList<>();
      for (String path : paths) {
        arrays.add(below.array(path));
      }
      return arrays;
    }

    /** {@code kernel} of {@code lstm/lstm_cell/kernel:0}. */
    static String leaf(String path) {
      String last = path.substring(path.lastIndexOf('/') + 1);
      int colon = last.indexOf(':');
      return colon < 0 ? last : last.substring(0, colon);
    }
  }

  /** By the classes and positions of layers, and numbers of weights: {@code .keras} and {@code .weights.h5}. */
  record Numbered(HdfGroup layers) implements LayerWeights {

    @Override
    public List<NdArray> of(LayerConfig layer, Part part, List<String> names) throws FormatException {
      String path = layer.group() + "/" + part.path;
      HdfGroup vars = layers.find(path)
          .orElseThrow(() -> layer.refusal("has no group of weights %s in the file", path));
      layer.check(vars.names().size() == names.size(), "has %d weights in the file, and %s are needed",
          vars.names().size(), names);
      List<NdArray> arrays = new ArrayList<>();
      for (int i = 0; i < names.size(); i++) {
        arrays.add(vars.array(Integer.toString(i)));
      }
      return arrays;
    }
  }
}
