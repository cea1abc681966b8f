package dev.carousel.formats.safetensors;

import dev.carousel.Network;
import dev.carousel.Tensor;
import dev.carousel.Weights;
import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.data.Names;
import dev.carousel.formats.data.NdArray;
import dev.carousel.formats.model.Axis;
import dev.carousel.formats.model.NetworkJson;
import dev.carousel.formats.model.SavedModel;
import dev.carousel.formats.model.Signature;
import dev.carousel.spi.Order;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A safetensors file of a PyTorch state dict: {@code nn.LSTM}, {@code nn.GRU}, {@code nn.RNN}, {@code nn.Embedding} and
 * {@code nn.Linear} under any names. The network is told by the shapes: an embedding first, then the recurrent modules,
 * then a linear one, in the one order in which each takes rows as wide as the one before it gives. Where there is
 * another order or none, or more than one linear module, between which there is mostly an activation, the file is refused.
 *
 * <p>Shapes do not show everything: an {@code nn.RNN} is taken to have tanh, and between modules nothing is taken to
 * happen. A file of JSON of the same name beside it, {@code model.json} for {@code model.safetensors}, says the rest:
 *
 * <pre>{@code
 * {"order": "batch_major",
 *  "layers": [
 *    {"type": "embedding", "vocabulary": 1000, "outputs": 40, "from": "embed"},
 *    {"type": "conv", "inputs": 40, "outputs": 40, "window": {"width": 3, "before": 1, "after": 1}, "from": "conv"},
 *    {"type": "scale", "inputs": 40, "epsilon": 1e-3, "from": "norm"},
 *    {"type": "lstm", "inputs": 40, "hidden": 64, "directions": "concat", "from": "encoder.lstm"},
 *    {"type": "lstm", "inputs": 128, "hidden": 64, "directions": "concat", "from": "encoder.lstm", "layer": 1},
 *    {"type": "last_step", "inputs": 128},
 *    {"type": "dense", "inputs": 128, "outputs": 10, "softmax": true, "from": "head"}]}
 * }</pre>
 *
 * <p>{@code order} is {@code time_major} where it is left out; the layers are those of {@link NetworkJson}, or inputs,
 * nodes and outputs; with neither the network is told by the shapes. {@code from} names the module, the part of its
 * tensors' names before the last dot, and {@code layer} counts the layers of one module, from 0. {@code nn.Conv1d} is a
 * {@code conv}, {@code nn.LayerNorm} a {@code layer_norm}, {@code nn.BatchNorm1d} a {@code scale}, whose {@code epsilon}
 * is 1e-5 where nothing is said. Where no layer of a list says from where it is, recurrent and linear modules and tables
 * are found by their shapes, if there is just one way.
 */
public final class PyTorchFile {
  private PyTorchFile() {}

  /** Reads a model; its weights stay in the memory that the file was read to where they are F32. */
  public static SavedModel read(Path file) throws IOException {
    return read(Safetensors.read(file), Optional.of(file));
  }

  /** The model that a file holds, which perhaps has JSON beside it where it stands, if it stands anywhere. */
  public static SavedModel read(Safetensors tensors, Optional<Path> place) throws IOException {
    Map<String, List<Long>> shapes = new LinkedHashMap<>();
    tensors.stored().forEach((name, stored) -> shapes.put(name, stored.shape()));
    StateDict dict = new StateDict(shapes, tensors.what());
    Optional<Path> beside = place.map(BesideJson::of);
    Optional<BesideJson> said = beside.isPresent() ? BesideJson.read(beside.get()) : Optional.empty();
    String advice = advice(beside);
    Optional<Network> network = said.flatMap(BesideJson::network);
    List<Placed> layers = network.isPresent()
        ? BesideJson.placed(network.get(), said.orElseThrow().modules(), dict, advice)
        : Chain.inferred(dict, advice);
    Network whole = network.isPresent() ? network.get() : network(layers, tensors.what());
    return new SavedModel(whole, weights(tensors, whole, layers),
        Signature.of(whole, said.map(BesideJson::order).orElse(Order.TIME_MAJOR)), "safetensors with PyTorch's names");
  }

  private static String advice(Optional<Path> beside) {
    String place = beside.map(Path::toString).orElse("JSON beside the file");
    String path = beside.isPresent() ? "."
        : ", and read it from its path: what is given as bytes has nothing beside it.";
    return "Say the layers in " + place + ", each with \"from\": the name of its module" + path;
  }

  private static Network network(List<Placed> layers, String what) throws FormatException {
    try {
      return Network.of(layers.stream().map(Placed::layer).toList());
    } catch (IllegalArgumentException wrong) {
      throw new FormatException("The network of " + what + " cannot be: " + wrong.getMessage(), wrong);
    }
  }

  private static Weights weights(Safetensors file, Network network, List<Placed> layers) throws FormatException {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    Set<String> unused = new LinkedHashSet<>(file.names());
    for (int i = 0; i < layers.size(); i++) {
      Placed placed = layers.get(i);
      Network.Node node = network.nodes().get(i);
      checkKnown(node);
      tensors.putAll(converted(file, node.name(), placed));
      for (String name : placed.shapes().keySet()) {
        FormatException.check(unused.remove(name) || !file.names().contains(name),
            "Layer %s takes %s of %s, which another layer has taken.", node.name(), name, file.what());
      }
      unused.removeAll(placed.optional().keySet());
    }
    FormatException.check(unused.isEmpty(), "%s has tensors that no layer takes: %s.", file.what(), Names.some(unused));
    return Weights.of(tensors);
  }

  /** What is not F32 is copied, and a copy may be more than Java was given. */
  private static Map<String, Tensor> converted(Safetensors file, String node, Placed placed) throws FormatException {
    try {
      return StateTensors.read(file, node, placed);
    } catch (IllegalArgumentException | OutOfMemoryError tooLarge) {
      throw new FormatException("The weights of " + file.what() + " are not all F32, and as F32 they take more memory"
          + " than there is. Save them as F32, or raise -XX:MaxDirectMemorySize.", tooLarge);
    }
  }

  private static void checkKnown(Network.Node node) throws FormatException {
    String beyond = Placed.beyond(node.layer());
    FormatException.check(beyond.isEmpty(), "Layer %s, has %s, for which PyTorch has no module. Use another format,"
        + " Carousel's own for one.", node, beyond);
  }

  /**
   * Writes a model's weights under PyTorch's names, and JSON beside them where the shapes do not show the network. Of
   * the signature only the order is kept: the file has no place for the rest.
   */
  public static void write(Path file, SavedModel model) throws IOException {
    Order order = order(model.signature());
    List<Placed> layers = ModuleNames.placed(model.network());
    Map<String, NdArray> tensors = new LinkedHashMap<>();
    for (int i = 0; i < layers.size(); i++) {
      Network.Node node = model.network().nodes().get(i);
      checkKnown(node);
      tensors.putAll(StateTensors.write(model.weights(), node.name(), layers.get(i)));
    }
    Path beside = BesideJson.of(file);
    boolean replaces = BesideJson.read(beside).isPresent(); // or refuses to replace what is not of its kind
    Safetensors.write(file, tensors, Map.of("format", "pt"));
    if (replaces || order != Order.TIME_MAJOR || !shown(model.network(), layers, file.toString())) {
      BesideJson.write(beside, model.network(), layers, order);
    }
  }

  private static boolean shown(Network network, List<Placed> layers, String what) {
    Map<String, List<Long>> shapes = new LinkedHashMap<>();
    layers.forEach(layer -> shapes.putAll(layer.shapes()));
    try {
      return network.isList() && Chain.inferred(new StateDict(shapes, what), "").equals(layers);
    } catch (FormatException _) {
      return false; // which is the answer
    }
  }

  private static Order order(Signature signature) throws FormatException {
    FormatException.check(signature.mask().isEmpty(),
        "The model has a mask, for which PyTorch has no module. Use another"
            + " format, Carousel's own for one.");
    List<Axis> axes = signature.rows().axes();
    FormatException.check(!axes.contains(Axis.REVERSED_STEPS), "The model reads its steps in reverse, for which PyTorch"
        + " has no module. Use another format, Carousel's own for one.");
    return axes.indexOf(Axis.BATCH) < axes.indexOf(Axis.STEPS) && axes.contains(Axis.BATCH) ? Order.BATCH_MAJOR
        : Order.TIME_MAJOR;
  }
}
