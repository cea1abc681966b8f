package dev.carousel.formats.keras;

import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.json.Json;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A model's configuration: a chain of layers, the first of which may be its input.
 *
 * @param layers in the order in which they are computed
 */
record KerasConfig(List<LayerConfig> layers) {
  private static final int MOST = 1000;

  KerasConfig {
    layers = List.copyOf(layers);
  }

  /** The configuration of a Sequential model, or of a functional one that is a chain. */
  static KerasConfig of(Json model) throws FormatException {
    String className = model.get("class_name").text();
    Json config = model.get("config");
    return switch (className) {
      case "Sequential" -> sequential(config instanceof Json.Items ? config : config.get("layers"));
      case "Functional", "Model" -> FunctionalChain.of(config, layers(config.get("layers")));
      default -> throw FormatException.of("The model is of class %s, and Sequential and functional models are read."
          + " Build the same layers as one of those and save it.", className);
    };
  }

  private static KerasConfig sequential(Json list) throws FormatException {
    List<LayerConfig> layers = layers(list);
    for (LayerConfig layer : layers) {
      layer.check(!layer.flag("return_state", false), "returns its state too, which a Sequential model cannot take");
    }
    return new KerasConfig(layers);
  }

  /** Layers in their order, each with its position among those of its class. */
  private static List<LayerConfig> layers(Json list) throws FormatException {
    FormatException.check(list.items().size() <= MOST, "The model has %d layers; up to %d are read.",
        list.items().size(), MOST);
    Map<String, Integer> positions = new HashMap<>();
    Set<String> names = new HashSet<>();
    List<LayerConfig> layers = new ArrayList<>();
    for (Json item : list.items()) {
      int position = positions.merge(item.get("class_name").text(), 1, Integer::sum) - 1;
      LayerConfig layer = LayerConfig.of(item, position);
      layer.check(names.add(layer.name()), "has the name of another");
      layers.add(layer);
    }
    return layers;
  }

  /** The name of the input. */
  String input() {
    return layers.stream().filter(layer -> layer.className().equals("InputLayer")).map(LayerConfig::name).findFirst()
        .orElse("input");
  }

  /** How many dimensions the input has with that of the batch, where it is said. */
  Optional<Integer> inputRank() throws FormatException {
    for (LayerConfig layer : layers.subList(0, Math.min(1, layers.size()))) {
      for (String member : List.of("batch_shape", "batch_input_shape")) {
        Optional<Json> shape = layer.config().find(member);
        if (shape.isPresent()) {
          return Optional.of(shape.get().items().size());
        }
      }
    }
    return Optional.empty();
  }
}
