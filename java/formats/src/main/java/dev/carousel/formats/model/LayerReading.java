package dev.carousel.formats.model;

import dev.carousel.Dense;
import dev.carousel.Directions;
import dev.carousel.Embedding;
import dev.carousel.FinalState;
import dev.carousel.Gru;
import dev.carousel.LastStep;
import dev.carousel.Layer;
import dev.carousel.Lstm;
import dev.carousel.Rnn;
import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.json.Fields;
import dev.carousel.formats.json.Json;
import dev.carousel.spi.form.Activation;
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
      default -> throw FormatException.of("%s is of the type \"%s\"; these are known: rnn, lstm, gru, dense, embedding,"
          + " last_step, final_state.", fields.what(), type);
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
