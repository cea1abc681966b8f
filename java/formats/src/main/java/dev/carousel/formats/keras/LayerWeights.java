package dev.carousel.formats.keras;

import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.data.NdArray;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Where a file keeps the weights of its layers. */
sealed interface LayerWeights permits LayerWeights.Named, LayerWeights.Numbered, FirstWeights {

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

  /** Those of a file that names its layers. */
  static LayerWeights named(HdfGroup group, KerasVersion version) {
    Named named = new Named(group, false);
    return version.major() == 1 ? new FirstWeights(named) : named;
  }

  /** The weights of the layers of a model that is a layer. */
  LayerWeights within(LayerConfig model) throws FormatException;

  /**
   * By the names of layers and weights, which are attributes: Keras 2, and {@code .h5} of Keras 3.
   *
   * @param nested whether the group is that of a model, whose layers' names stand in those of its weights
   */
  record Named(HdfGroup group, boolean nested) implements LayerWeights {

    @Override
    public LayerWeights within(LayerConfig model) throws FormatException {
      return nested(model);
    }

    Named nested(LayerConfig model) throws FormatException {
      return nested ? this : new Named(below(model), true);
    }

    private HdfGroup below(LayerConfig layer) throws FormatException {
      return group.find(layer.name()).orElseThrow(() -> layer.refusal("has no group of weights in the file"));
    }

    @Override
    public List<NdArray> of(LayerConfig layer, Part part, List<String> names) throws FormatException {
      List<String> leaves = paths(layer, part).stream().map(Named::leaf).toList();
      layer.check(leaves.equals(names), "has the weights %s in the file, and %s are needed", leaves, names);
      return arrays(layer, part);
    }

    /** The weights of a part of a layer, whatever they are called. */
    List<NdArray> arrays(LayerConfig layer, Part part) throws FormatException {
      HdfGroup below = nested ? group : below(layer);
      List<NdArray> arrays = new ArrayList<>();
      for (String path : paths(layer, part)) {
        arrays.add(below.array(path));
      }
      return arrays;
    }

    private List<String> paths(LayerConfig layer, Part part) throws FormatException {
      List<String> all = (nested ? group : below(layer)).texts("weight_names").stream()
          .filter(path -> !nested || List.of(path.split("/", -1)).contains(layer.name())).toList();
      return switch (part) {
        case OWN, CELL, WRAPPED -> all;
        case FORWARD -> all.subList(0, all.size() / 2);
        case BACKWARD -> all.subList(all.size() / 2, all.size());
      };
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
    private static final List<String> ROOTS = List.of("layers", "_layer_checkpoint_dependencies"); // the latter in 2.13

    /** The layers of a model, if they are there. */
    static Optional<Numbered> below(HdfGroup group, String model) throws FormatException {
      for (String root : ROOTS) {
        Optional<HdfGroup> layers = group.find(model + "/" + root);
        if (layers.isPresent()) {
          return layers.map(Numbered::new);
        }
      }
      return Optional.empty();
    }

    @Override
    public LayerWeights within(LayerConfig model) throws FormatException {
      return below(layers, model.group()).orElseThrow(() -> model.refusal("has no group of layers in the file"));
    }

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
