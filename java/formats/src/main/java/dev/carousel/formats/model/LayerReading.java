package dev.carousel.formats.model;

import dev.carousel.Columns;
import dev.carousel.Concat;
import dev.carousel.Conv;
import dev.carousel.Dense;
import dev.carousel.Directions;
import dev.carousel.Elementwise;
import dev.carousel.Embedding;
import dev.carousel.FinalState;
import dev.carousel.Flatten;
import dev.carousel.Gru;
import dev.carousel.LastStep;
import dev.carousel.Layer;
import dev.carousel.LayerNorm;
import dev.carousel.Lstm;
import dev.carousel.Merge;
import dev.carousel.Noise;
import dev.carousel.Pool;
import dev.carousel.Repeat;
import dev.carousel.Rnn;
import dev.carousel.Scale;
import dev.carousel.Softmax;
import dev.carousel.SoftmaxSteps;
import dev.carousel.WeightedSum;
import dev.carousel.WindowPool;
import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.json.Fields;
import dev.carousel.formats.json.Json;
import dev.carousel.spi.form.AcrossSteps;
import dev.carousel.spi.form.Activation;
import dev.carousel.spi.form.Mapping;
import dev.carousel.spi.form.Window;
import java.util.Optional;

/** The layer that the fields of an object say. */
record LayerReading(Fields fields) {

  Layer read() throws FormatException {
    String type = fields.text("type");
    Layer layer = switch (type) {
      case "rnn" -> rnn();
      case "lstm" -> lstm();
      case "gru" -> gru();
      case "dense" -> new Dense(fields.whole("inputs"), fields.whole("outputs"),
          activation(fields, "activation", Activation.IDENTITY), fields.truth("softmax", false), bias());
      case "embedding" -> new Embedding(fields.whole("vocabulary"), fields.whole("outputs"));
      case "last_step" -> new LastStep(fields.whole("inputs"));
      case "final_state" -> new FinalState(fields.whole("inputs"), fields.truth("cell", false));
      case "conv" -> new Conv(fields.whole("inputs"), fields.whole("outputs"), window(), fields.whole("groups", 1),
          activation(fields, "activation", Activation.IDENTITY), bias());
      case "elementwise" -> new Elementwise(fields.whole("inputs"),
          ActivationText.read(fields.text("activation"), fields.named("activation")));
      case "softmax" -> new Softmax(fields.whole("inputs"), fields.truth("log", false));
      case "scale" -> new Scale(fields.whole("inputs"), fields.truth("scales", true), fields.truth("shifts", true));
      case "layer_norm" -> new LayerNorm(fields.whole("inputs"), fields.real("epsilon", LayerNorm.of(1).epsilon()),
          fields.truth("scales", true), fields.truth("shifts", true));
      case "merge" -> new Merge(fields.word("rule", Mapping.Combine.Rule.class), fields.whole("inputs"));
      case "concat" -> new Concat(fields.wholes("widths"));
      case "columns" -> new Columns(fields.whole("inputs"), fields.whole("first", 0), fields.whole("outputs"));
      case "pool" -> new Pool(fields.word("rule", AcrossSteps.Pool.Rule.class), fields.whole("inputs"));
      case "window_pool" -> new WindowPool(fields.word("rule", AcrossSteps.Pool.Rule.class), fields.whole("inputs"),
          window(), fields.truth("padded", false));
      case "softmax_steps" -> new SoftmaxSteps(fields.whole("inputs"));
      case "weighted_sum" -> new WeightedSum(fields.whole("inputs"), fields.whole("heads", 1));
      case "repeat" -> new Repeat(fields.whole("inputs"), fields.whole("steps", 0));
      case "flatten" -> new Flatten(fields.whole("inputs"), fields.whole("steps"));
      case "noise" -> new Noise(fields.word("kind", Noise.Kind.class), fields.whole("inputs"), amount());
      default -> throw FormatException.of("%s is of the type \"%s\"; these are known: rnn, lstm, gru, dense, embedding,"
          + " conv, elementwise, softmax, scale, layer_norm, merge, concat, columns, last_step, final_state, pool,"
          + " window_pool, softmax_steps, weighted_sum, repeat, flatten, noise.", fields.what(), type);
    };
    fields.end();
    return layer;
  }

  private Layer rnn() throws FormatException {
    Activation forward = activation(fields, "activation", Activation.TANH);
    return new Rnn(fields.whole("inputs"), fields.whole("hidden"), directions(), forward,
        activation(fields, "reverse_activation", forward), clip(), bias());
  }

  private Layer lstm() throws FormatException {
    Lstm.Activations forward = lstm("activations", Lstm.Activations.USUAL);
    return new Lstm(fields.whole("inputs"), fields.whole("hidden"), fields.whole("projection", 0), directions(),
        fields.truth("peepholes", false), fields.truth("coupled_gates", false), forward,
        lstm("reverse_activations", forward), clip(), bias());
  }

  private Lstm.Activations lstm(String name, Lstm.Activations otherwise) throws FormatException {
    Optional<Json> member = fields.find(name);
    if (member.isEmpty()) {
      return otherwise;
    }
    Fields inner = Fields.of(member.get(), fields.named(name));
    Lstm.Activations activations = new Lstm.Activations(activation(inner, "gate", Activation.SIGMOID),
        activation(inner, "candidate", Activation.TANH), activation(inner, "output", Activation.TANH));
    inner.end();
    return activations;
  }

  private Layer gru() throws FormatException {
    Gru.Activations forward = gru("activations", Gru.Activations.USUAL);
    return new Gru(fields.whole("inputs"), fields.whole("hidden"), fields.truth("reset_after", true), directions(),
        forward, gru("reverse_activations", forward), clip(), bias());
  }

  private Gru.Activations gru(String name, Gru.Activations otherwise) throws FormatException {
    Optional<Json> member = fields.find(name);
    if (member.isEmpty()) {
      return otherwise;
    }
    Fields inner = Fields.of(member.get(), fields.named(name));
    Gru.Activations activations = new Gru.Activations(activation(inner, "gate", Activation.SIGMOID),
        activation(inner, "candidate", Activation.TANH));
    inner.end();
    return activations;
  }

  private static Activation activation(Fields fields, String name, Activation otherwise) throws FormatException {
    return fields.find(name).isPresent() ? ActivationText.read(fields.text(name), fields.named(name)) : otherwise;
  }

  private Window window() throws FormatException {
    Fields inner = Fields.of(fields.get("window"), fields.named("window"));
    Window window = new Window(inner.whole("width"), inner.whole("stride", 1), inner.whole("dilation", 1),
        inner.whole("before", 0), inner.whole("after", 0), inner.truth("same", false));
    inner.end();
    return window;
  }

  private float amount() throws FormatException {
    fields.get("amount");
    return fields.real("amount", 0);
  }

  private Directions directions() throws FormatException {
    return fields.word("directions", Directions.FORWARD);
  }

  private float clip() throws FormatException {
    return fields.real("clip", Float.POSITIVE_INFINITY);
  }

  private boolean bias() throws FormatException {
    return fields.truth("bias", true);
  }
}
