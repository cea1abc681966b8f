package dev.carousel.formats.keras;

import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.json.Json;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A model's configuration: its layers with what they are called with.
 *
 * @param layers by name, in the file's order
 */
record KerasConfig(Map<String, Called> layers, List<Reference> inputs, List<Reference> outputs) {
  private static final int MOST = 1000;
  private static final String INPUT = "input";

  KerasConfig {
    layers = Collections.unmodifiableMap(new LinkedHashMap<>(layers));
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
  }

  /** Whether a layer of that class is a model. */
  static boolean isModel(String className) {
    return className.equals("Sequential") || className.equals("Functional") || className.equals("Model");
  }

  /** The configuration of a Sequential or functional model. */
  static KerasConfig of(Json model, KerasVersion version) throws FormatException {
    String className = model.get("class_name").text();
    FormatException.check(isModel(className), "The model is of class %s, and Sequential and functional models are read."
        + " Build the same layers as one of those and save it.", className);
    Json config = model.get("config");
    if (className.equals("Sequential")) {
      Json list = config instanceof Json.Items ? config : config.get("layers");
      Optional<Json> shape = config instanceof Json.Items ? Optional.empty() : config.find("build_input_shape");
      return sequential(layers(list, version), shape);
    }
    return functional(config, layers(config.get("layers"), version));
  }

  /** Layers that follow each other; the shape is that of the input, if it is known beside them. */
  static KerasConfig sequential(List<LayerConfig> list, Optional<Json> shape) throws FormatException {
    Map<String, Called> layers = new LinkedHashMap<>();
    FormatException.check(!list.isEmpty(), "The model has no layers.");
    if (!list.getFirst().className().equals("InputLayer")) {
      String name = INPUT;
      while (named(list, name)) {
        name += "_";
      }
      Json first = list.getFirst().config();
      boolean said = first instanceof Json.Members && (first.find("batch_shape").isPresent() || first.find(
          "batch_input_shape").isPresent());
      Json config = said ? first : shape.isPresent() ? Json.object("batch_shape", shape.get()) : Json.object();
      layers.put(name, Called.once(new LayerConfig(name, "InputLayer", 0, config), List.of()));
    }
    for (LayerConfig layer : list) {
      layer.check(!layer.flag("return_state", false), "returns its state too, which a Sequential model cannot take");
      layer.check(layers.isEmpty() || !layer.className().equals("InputLayer"),
          "is an input that stands behind other layers");
      List<Reference> reads = layers.isEmpty() ? List.of() : List.of(Reference.of(last(layers)));
      layers.put(layer.name(), Called.once(layer, reads));
    }
    return new KerasConfig(layers, List.of(Reference.of(layers.keySet().iterator().next())),
        List.of(Reference.of(last(layers))));
  }

  private static boolean named(List<LayerConfig> list, String name) {
    return list.stream().anyMatch(layer -> layer.name().equals(name));
  }

  private static String last(Map<String, Called> layers) {
    return List.copyOf(layers.keySet()).getLast();
  }

  private static KerasConfig functional(Json config, List<LayerConfig> ordered) throws FormatException {
    List<Json> items = config.get("layers").items();
    Map<String, Called> layers = new LinkedHashMap<>();
    Map<String, Json> all = new HashMap<>();
    for (int i = 0; i < items.size(); i++) {
      Optional<Json> name = items.get(i).find("name");
      LayerConfig layer = ordered.get(i);
      String key = name.isPresent() ? name.get().text() : layer.name();
      FormatException.check(all.put(key, items.get(i)) == null, "The model has two layers called %s.", key);
      if (!MaskArguments.computes(layer)) {
        layers.put(key, Called.of(layer, items.get(i).get("inbound_nodes")));
      }
    }
    KerasConfig model = new KerasConfig(layers, ends(config, "input_layers"), ends(config, "output_layers"));
    new MaskArguments(all, model).check();
    return model.countedFromZero();
  }

  /** A model that is a layer may count its calls from 1 on, since what it was made of is one, too, that no file has. */
  private KerasConfig countedFromZero() {
    Set<String> models = new HashSet<>();
    layers.forEach((name, called) -> {
      if (isModel(called.layer().className())) {
        models.add(name);
      }
    });
    Stream.concat(outputs.stream(), layers.values().stream().flatMap(called -> called.calls().stream())
        .flatMap(List::stream)).filter(reference -> reference.call() == 0)
        .forEach(reference -> models.remove(reference.layer()));
    Map<String, Called> counted = new LinkedHashMap<>();
    layers.forEach((name, called) -> counted.put(name, new Called(called.layer(),
        called.calls().stream().map(call -> counted(call, models)).toList(), called.masks())));
    return new KerasConfig(counted, inputs, counted(outputs, models));
  }

  private static List<Reference> counted(List<Reference> references, Set<String> fromOne) {
    return references.stream().map(reference -> fromOne.contains(reference.layer())
        ? new Reference(reference.layer(), reference.call() - 1, reference.output())
        : reference).toList();
  }

  private static List<Reference> ends(Json config, String member) throws FormatException {
    List<Reference> ends = Reference.all(config.get(member));
    FormatException.check(!ends.isEmpty(), "The model's %s are none.", member);
    return ends;
  }

  /** Layers in their order, each with its position among those of its class. */
  private static List<LayerConfig> layers(Json list, KerasVersion version) throws FormatException {
    FormatException.check(list.items().size() <= MOST, "The model has %d layers; up to %d are read.",
        list.items().size(), MOST);
    Map<String, Integer> positions = new HashMap<>();
    List<LayerConfig> layers = new ArrayList<>();
    for (Json item : list.items()) {
      int position = positions.merge(item.get("class_name").text(), 1, Integer::sum) - 1;
      LayerConfig layer = LayerConfig.of(item, position);
      layer.check(!named(layers, layer.name()), "has the name of another");
      layers.add(version.major() == 1 ? FirstKeras.config(layer) : layer);
    }
    return layers;
  }

  /** A layer by its name. */
  Called called(Reference reference) throws FormatException {
    Called called = layers.get(reference.layer());
    FormatException.check(called != null, "The model lacks a layer %s.", reference.layer());
    Called found = Objects.requireNonNull(called);
    found.layer().check(reference.call() < found.calls().size(), "is called %d times, and its call number %d is read",
        found.calls().size(), reference.call() + 1);
    return found;
  }

  /** The layers that read a tensor. */
  List<Called> readers(Reference of) {
    return layers.values().stream().filter(called -> called.calls().stream().anyMatch(call -> call.contains(of)))
        .toList();
  }
}
