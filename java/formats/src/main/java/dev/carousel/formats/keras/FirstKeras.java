package dev.carousel.formats.keras;

import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.json.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** What Keras 1 called otherwise than those after it do. */
final class FirstKeras {
  private static final Map<String, String> SIZES = Map.of("output_dim", "units", "inner_activation",
      "recurrent_activation", "bias", "use_bias");
  private static final Map<String, String> WINDOWS = Map.of("nb_filter", "filters", "filter_length", "kernel_size",
      "subsample_length", "strides", "border_mode", "padding", "atrous_rate", "dilation_rate", "bias", "use_bias",
      "pool_length", "pool_size", "stride", "strides");
  private static final Map<String, String> AMOUNTS = Map.of("p", "rate", "sigma", "stddev");
  private static final Map<String, String> MERGES = Map.of("concat", "Concatenate", "sum", "Add", "mul", "Multiply",
      "ave",
      "Average", "max", "Maximum", "dot", "Dot");

  private FirstKeras() {}

  /** Whether a configuration that does not say its version is one of Keras 1: its layers say how weights began. */
  static boolean wrote(Json model) throws FormatException {
    Json config = model.find("config").orElse(Json.object());
    Json layers = config instanceof Json.Items ? config : config.find("layers").orElse(new Json.Items(List.of()));
    for (Json layer : layers.items()) {
      if (layer.find("config").orElse(Json.object()) instanceof Json.Members(Map<String, Json> members)
          && members.containsKey("init")) {
        return true;
      }
    }
    return false;
  }

  /** A layer's configuration in the words of Keras 2. */
  static LayerConfig config(LayerConfig layer) throws FormatException {
    if (KerasConfig.isModel(layer.className())) {
      return layer;
    }
    if (layer.className().equals("Merge")) {
      return merge(layer);
    }
    if (layer.className().equals("BatchNormalization")) {
      layer.check(layer.config().find("mode").isEmpty() || layer.config().get("mode").whole() != 1,
          "normalises each row by itself (mode 1), which Carousel does not run");
    }
    Map<String, String> names = switch (layer.className()) {
      case "LSTM", "GRU", "SimpleRNN", "Dense", "TimeDistributedDense" -> SIZES;
      case "Convolution1D", "AtrousConvolution1D", "MaxPooling1D", "AveragePooling1D" -> WINDOWS;
      case "Dropout", "GaussianDropout", "GaussianNoise", "SpatialDropout1D" -> AMOUNTS;
      default -> Map.of();
    };
    Map<String, Json> members = new LinkedHashMap<>();
    for (Map.Entry<String, Json> member : layer.config().members().entrySet()) {
      members.put(names.getOrDefault(member.getKey(), member.getKey()), member.getValue());
    }
    for (String wrapped : List.of("layer", "backward_layer")) {
      if (members.get(wrapped) instanceof Json.Members inner) {
        members.put(wrapped, config(LayerConfig.of(inner, 0)).written());
      }
    }
    String className = layer.className().equals("AtrousConvolution1D") ? "Convolution1D" : layer.className();
    return new LayerConfig(layer.name(), className, layer.position(), new Json.Members(members));
  }

  /** The one layer that merges, as one of those that came to be of its modes. */
  private static LayerConfig merge(LayerConfig layer) throws FormatException {
    String mode = layer.text("mode", "sum");
    layer.check(MERGES.containsKey(mode) && layer.config().find("layers").orElse(new Json.Items(List.of())).items()
        .isEmpty(), "merges by %s, or models that stand in it. Build a functional model of it and save that", mode);
    Map<String, Json> members = new LinkedHashMap<>(layer.config().members());
    layer.config().find("concat_axis").ifPresent(axis -> members.put("axis", axis));
    layer.config().find("dot_axes").ifPresent(axes -> members.put("axes", axes));
    return new LayerConfig(layer.name(), Objects.requireNonNull(MERGES.get(mode)), layer.position(),
        new Json.Members(members));
  }
}
