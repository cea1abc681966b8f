package dev.carousel.formats.keras;

import dev.carousel.Layer;
import dev.carousel.Network.Input;
import dev.carousel.Network.Node;
import dev.carousel.Tensor;
import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.data.NdArray;
import dev.carousel.spi.form.Axis;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** The network that there is so far while Keras' layers are taken one after the other. */
final class KerasGraph {
  private final List<Input> inputs = new ArrayList<>();
  private final List<Node> nodes = new ArrayList<>();
  private final Map<String, Tensor> tensors = new LinkedHashMap<>();
  private final Set<String> names = new HashSet<>();
  private final Map<Source, List<NdArray>> weights = new HashMap<>();
  private final List<LayerConfig> unmasked = new ArrayList<>(); // layers to which all steps of the run count
  private Optional<Float> mask = Optional.empty();
  private String maskedInput = "";
  private int steps; // of the run, 0 where any number is taken

  /** Where weights were read. */
  private record Source(LayerWeights weights, LayerConfig layer, LayerWeights.Part part) {}

  /** Weights, which are read once, however often their layer is called. */
  List<NdArray> weights(LayerWeights source, LayerConfig layer, LayerWeights.Part part, List<String> of)
      throws FormatException {
    Source key = new Source(source, layer, part);
    List<NdArray> known = weights.get(key);
    if (known != null) {
      return known;
    }
    List<NdArray> read = source.of(layer, part, of);
    weights.put(key, read);
    return read;
  }

  /** Whether an input or a node has that name. */
  boolean has(String name) {
    return names.contains(name);
  }

  /** A name that no other input or node has, without the dots that would divide it. */
  String name(String wanted) {
    String free = free(wanted);
    names.add(free);
    return free;
  }

  /** The name that {@link #name} would give. */
  String free(String wanted) {
    String legal = wanted.isBlank() ? "layer" : wanted.replace('.', '_');
    String free = legal;
    for (int i = 1; names.contains(free); i++) {
      free = legal + "_" + i;
    }
    return free;
  }

  /** Adds an input. */
  void input(Input input) {
    inputs.add(input);
  }

  /** Adds a node under a name like this one, which is returned. */
  String node(String wanted, Layer layer, Map<String, Tensor> made, List<String> reads) {
    String name = name(wanted);
    nodes.add(new Node(name, layer, reads));
    made.forEach((tensor, values) -> tensors.put(name + "." + tensor, values));
    return name;
  }

  List<Input> inputs() {
    return inputs;
  }

  List<Node> nodes() {
    return nodes;
  }

  Map<String, Tensor> tensors() {
    return tensors;
  }

  /** Says how many steps every run has. */
  void steps(int count) {
    steps = count;
  }

  /** How many steps an axis has, where that is known. */
  OptionalInt steps(Axis axis) {
    Axis first = axis;
    while (first instanceof Axis.Derived derived) {
      first = derived.from();
    }
    int count = first instanceof Axis.Given && steps == 0 ? 0 : axis.steps(Math.max(1, steps));
    return count == 0 ? OptionalInt.empty() : OptionalInt.of(count);
  }

  /** Takes the value that marks the steps of an input that are not valid. One input of a model has a mask. */
  void mask(LayerConfig layer, String input, float value) throws FormatException {
    layer.check(mask.isEmpty() || (maskedInput.equals(input) && mask.get() == value),
        "masks %s, and another mask is read off %s already. One mask says which steps of all inputs are valid", input,
        maskedInput);
    mask = Optional.of(value);
    maskedInput = input;
  }

  Optional<Float> mask() {
    return mask;
  }

  /** The input that the mask is read off. */
  String maskedInput() {
    return maskedInput;
  }

  /** Notes that a layer counts all steps of a run, which are then to be valid. */
  void countsAll(LayerConfig layer) {
    unmasked.add(layer);
  }

  /** Throws if a layer counts steps that a mask, which does not come to it, leaves out. */
  void checkMask() throws FormatException {
    if (mask.isPresent() && !unmasked.isEmpty()) {
      throw unmasked.getFirst().refusal("takes all steps for valid, and a mask elsewhere in the model leaves some out."
          + " Carousel runs the valid steps of a sequence in all layers. Mask its input too, or nothing");
    }
  }
}
