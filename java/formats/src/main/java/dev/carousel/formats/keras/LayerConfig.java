package dev.carousel.formats.keras;

import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.data.Names;
import dev.carousel.formats.json.Json;
import dev.carousel.spi.form.Legible;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A layer as a model's configuration has it.
 *
 * @param position how many layers of the class come before it in the model
 */
record LayerConfig(String name, String className, int position, Json config) {

  /** A layer that is written as {@code {"class_name": ..., "config": {...}}}. */
  static LayerConfig of(Json layer, int position) throws FormatException {
    String className = layer.get("class_name").text();
    Json config = layer.get("config");
    Optional<Json> own = config instanceof Json.Items ? Optional.empty() : config.find("name"); // of layers, in old models
    Optional<Json> name = own.isPresent() ? own : layer.find("name");
    return new LayerConfig(name.isPresent() ? name.get().text() : className, className, position, config);
  }

  /** The layer as a configuration has it. */
  Json written() {
    return Json.object("class_name", className, "config", config);
  }

  /** A layer within this one: that of a wrapper. */
  LayerConfig inner(String member) throws FormatException {
    return of(config.get(member), 0);
  }

  /** A text; another one where it is absent. */
  String text(String member, String otherwise) throws FormatException {
    Optional<Json> value = config.find(member);
    return value.isPresent() ? value.get().text() : otherwise;
  }

  /** True or false; another where it is absent. */
  boolean flag(String member, boolean otherwise) throws FormatException {
    Optional<Json> value = config.find(member);
    return value.isPresent() ? value.get().truth() : otherwise;
  }

  /** A number; another where it is absent. */
  float number(String member, double otherwise) throws FormatException {
    Optional<Json> value = config.find(member);
    float number = (float) (value.isPresent() ? value.get().number() : otherwise);
    check(Float.isFinite(number), "has a %s that is no number of 32 bits", member);
    return number;
  }

  /** A number of units. */
  int size(String member) throws FormatException {
    long size = config.get(member).whole();
    check(size > 0 && size <= Integer.MAX_VALUE / 8, "is to have %d %s", size, member);
    return (int) size;
  }

  /** A number of steps, which Keras writes as a list of one, too. */
  int steps(String member, int otherwise) throws FormatException {
    Optional<Json> value = config.find(member);
    if (value.isEmpty()) {
      return otherwise;
    }
    Json number = value.get() instanceof Json.Items(List<Json> items) && items.size() == 1 ? items.getFirst()
        : value.get();
    long size = number.whole();
    check(size > 0 && size <= Integer.MAX_VALUE / 8, "is to have a %s of %d", member, size);
    return (int) size;
  }

  /** The dimension that a member names, counted from the first; the last where it is absent. */
  int axis(int rank) throws FormatException {
    Optional<Json> value = config.find("axis");
    Json number = value.isEmpty() ? new Json.Digits("-1")
        : value.get() instanceof Json.Items(List<Json> items) && items.size() == 1 ? items.getFirst() : value.get();
    long axis = number.whole();
    check(axis >= -rank && axis < rank, "works along axis %d of a tensor of %d dimensions", axis, rank);
    return (int) (axis < 0 ? axis + rank : axis);
  }

  /** The sizes of a shape with that of the batch, 0 where any is taken; the first member that is there. */
  Optional<List<Integer>> shape(String... members) throws FormatException {
    for (String member : members) {
      Optional<Json> shape = config.find(member);
      if (shape.isPresent()) {
        Json list = shape.get() instanceof Json.Members ? shape.get().get("items") : shape.get();
        List<Integer> sizes = new ArrayList<>();
        for (Json size : list.items()) {
          long known = size instanceof Json.Null ? 0 : size.whole();
          check(size instanceof Json.Null || (known > 0 && known <= Integer.MAX_VALUE / 8), "has a %s of %d", member,
              known);
          sizes.add((int) known);
        }
        return Optional.of(sizes);
      }
    }
    return Optional.empty();
  }

  /** A part of a configuration, short enough for a message. */
  static String shown(Json json) {
    return Names.one(json.compact());
  }

  /** The value that marks a step as masked, of a layer that makes masks. */
  Optional<Float> maskValue() throws FormatException {
    return switch (className) {
      case "Masking" -> Optional.of(number("mask_value", 0));
      case "Embedding" -> flag("mask_zero", false) ? Optional.of(0f) : Optional.empty();
      default -> Optional.empty();
    };
  }

  /** The name of the group that Keras 3 keeps its weights in: {@code simple_rnn_1}. */
  String group() {
    String snake = className.replaceAll("\\W+", "").replaceAll("(.)([A-Z][a-z]+)", "$1_$2")
        .replaceAll("([a-z])([A-Z])", "$1_$2").toLowerCase(Locale.ROOT);
    return position == 0 ? snake : snake + "_" + position;
  }

  /** Throws if it does not hold: {@code Layer lstm_1, of class LSTM, is ...}. */
  void check(boolean holds, String format, Object... values) throws FormatException {
    if (!holds) {
      throw refusal(format, values);
    }
  }

  /** An exception that names the layer. */
  FormatException refusal(String format, Object... values) {
    return new FormatException("Layer " + Names.one(name) + ", of class " + Names.one(className) + ", "
        + Legible.format(format, values) + ".");
  }
}
