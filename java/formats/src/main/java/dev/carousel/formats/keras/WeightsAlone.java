package dev.carousel.formats.keras;

import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.data.NdArray;
import dev.carousel.formats.keras.LayerWeights.Named;
import dev.carousel.formats.keras.LayerWeights.Numbered;
import dev.carousel.formats.model.SavedModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The network that weights without a configuration are of. Kinds and sizes show in the shapes; for the rest Keras'
 * defaults are taken: the usual activations, no masks, the last state of the last recurrent layer, directions side by
 * side, a linear dense layer at the end. Where that leaves a choice the file is refused.
 */
final class WeightsAlone {
  private static final int MOST = 64;
  private static final Pattern POSITION = Pattern.compile("(.+?)(?:_(\\d{1,4}))?");
  private static final Map<String, List<String>> WEIGHTS = Map.of("embedding", List.of("embeddings"), "lstm",
      ShownLayer.RECURRENT, "gru", ShownLayer.RECURRENT, "simple_rnn", ShownLayer.RECURRENT, "dense", ShownLayer.DENSE);
  private static final List<String> IN_TRAINING = List.of("dropout", "spatial_dropout1d", "gaussian_noise",
      "gaussian_dropout", "alpha_dropout", "activity_regularization", "input_layer");

  private final String advice;

  private WeightsAlone(String advice) {
    this.advice = advice;
  }

  /** Of layers by name, in the order of the names; the advice is for those which do not show the network. */
  static SavedModel named(HdfGroup root, KerasVersion version, String advice) throws FormatException {
    WeightsAlone alone = new WeightsAlone(advice);
    List<ShownLayer> layers = new ArrayList<>();
    List<String> names = root.texts("layer_names");
    alone.checkCount(names);
    for (String name : names) {
      HdfGroup group = root.get(name);
      List<String> paths = group.texts("weight_names");
      if (!paths.isEmpty()) {
        List<NdArray> arrays = new ArrayList<>();
        for (String path : paths) {
          arrays.add(group.array(path));
        }
        layers.add(alone.shown(name, 0, paths.stream().map(Named::leaf).toList(), arrays));
      }
    }
    return alone.model(layers, new Named(root, false), version);
  }

  /** Of layers by class and position; how the classes follow each other shows in the widths of their rows. */
  static SavedModel numbered(HdfGroup group, String advice) throws FormatException {
    WeightsAlone alone = new WeightsAlone(advice);
    Map<String, TreeMap<Integer, ShownLayer>> classes = new TreeMap<>();
    alone.checkCount(group.names());
    for (String name : group.names()) {
      Matcher matcher = POSITION.matcher(name);
      FormatException.check(matcher.matches(), "The weights have a layer without a name. %s", advice);
      String className = matcher.group(1);
      int position = matcher.group(2) == null ? 0 : Integer.parseInt(matcher.group(2));
      if (!IN_TRAINING.contains(className)) {
        classes.computeIfAbsent(className, _ -> new TreeMap<>()).put(position,
            alone.numbered(group, name, className, position));
      }
    }
    List<List<ShownLayer>> lists = classes.values().stream().map(list -> List.copyOf(list.values())).toList();
    List<String> names = group.names();
    List<ShownLayer> order = new LayerOrder(lists).find().orElseThrow(() -> FormatException.of(
        "The weights are of the layers %s, which fit each other in no order, or in several. %s", names,
        advice));
    return alone.model(order, new Numbered(group), KerasVersion.of("3"));
  }

  private ShownLayer numbered(HdfGroup group, String name, String className, int position) throws FormatException {
    if (className.equals("bidirectional")) {
      List<NdArray> forward = arrays(group.get(name + "/forward_layer/cell/vars"));
      List<NdArray> both = new ArrayList<>(forward);
      both.addAll(arrays(group.get(name + "/backward_layer/cell/vars")));
      List<String> names = new ArrayList<>(first(ShownLayer.RECURRENT, forward.size()));
      names.addAll(first(ShownLayer.RECURRENT, both.size() - forward.size()));
      return shown(name, position, names, both);
    }
    if (className.equals("time_distributed")) {
      List<NdArray> arrays = arrays(group.get(name + "/layer/vars"));
      return shown(name, position, first(ShownLayer.DENSE, arrays.size()), arrays).atEachStep();
    }
    List<String> names = WEIGHTS.get(className);
    if (names == null) {
      throw FormatException.of("The weights have a layer %s, of which they do not show what it does. %s", name,
          advice);
    }
    List<NdArray> arrays = arrays(group.get(name + (names.equals(ShownLayer.RECURRENT) ? "/cell/vars" : "/vars")));
    return shown(name, position, first(names, arrays.size()), arrays);
  }

  private void checkCount(List<String> names) throws FormatException {
    FormatException.check(names.size() <= MOST && names.size() == Set.copyOf(names).size(),
        "The weights are of %d layers; the network is inferred of up to %d of different names. %s", names.size(), MOST,
        advice);
  }

  private static List<NdArray> arrays(HdfGroup vars) throws FormatException {
    List<NdArray> arrays = new ArrayList<>();
    for (int i = 0; i < Math.min(MOST, vars.names().size()); i++) {
      arrays.add(vars.array(Integer.toString(i)));
    }
    return arrays;
  }

  private static List<String> first(List<String> names, int count) {
    return names.subList(0, Math.min(count, names.size()));
  }

  private ShownLayer shown(String name, int position, List<String> names, List<NdArray> arrays)
      throws FormatException {
    return ShownLayer.of(name, position, names, arrays).orElseThrow(() -> FormatException.of(
        "The weights %s of layer %s, %s, do not show what it does. %s", names, name, arrays, advice));
  }

  /** The layers in their order, of which all recurrent ones but the last give a row a step. */
  private SavedModel model(List<ShownLayer> layers, LayerWeights source, KerasVersion version)
      throws FormatException {
    List<LayerConfig> configs = new ArrayList<>();
    int dense = 0;
    for (int i = 0; i < layers.size(); i++) {
      List<ShownLayer> behind = layers.subList(i + 1, layers.size());
      dense += layers.get(i).recurrent() || layers.get(i).indices() ? 0 : 1;
      boolean sequence = behind.stream().anyMatch(layer -> layer.recurrent() || layer.steps());
      configs.add(layers.get(i).config(sequence));
    }
    FormatException.check(dense <= 1,
        "The weights are of %d dense layers, and do not show the activations between them."
            + " %s",
        dense, advice);
    return KerasNetwork.of(KerasConfig.sequential(configs, Optional.empty()), source, version, "Keras " + version.text()
        + ", weights alone: the rest is as Keras' defaults are");
  }
}
