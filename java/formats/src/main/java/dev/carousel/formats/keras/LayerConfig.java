package dev.carousel.formats.keras;

import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.data.Names;
import dev.carousel.formats.json.Json;
import dev.carousel.spi.form.Legible;
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
    Optional<Json> own = config.find("name");
    Optional<Json> name = own.isPresent() ? own : layer.find("name");
    return new LayerConfig(name.isPresent() ? name.get().text() : className, className, position, config);
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
