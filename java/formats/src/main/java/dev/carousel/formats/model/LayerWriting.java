package dev.carousel.formats.model;

import dev.carousel.Dense;
import dev.carousel.Directions;
import dev.carousel.Embedding;
import dev.carousel.FinalState;
import dev.carousel.Gru;
import dev.carousel.LastStep;
import dev.carousel.Layer;
import dev.carousel.Lstm;
import dev.carousel.Recurrent;
import dev.carousel.Rnn;
import dev.carousel.formats.json.Fields;
import dev.carousel.formats.json.Json;
import dev.carousel.spi.form.Activation;
import java.util.LinkedHashMap;
import java.util.Map;

/** A layer's fields on their way to JSON; one that has the value which it has when nothing is said is left out. */
final class LayerWriting {
  private final Map<String, Object> fields = new LinkedHashMap<>();

  private LayerWriting() {}

  static Json write(Layer layer) {
    LayerWriting writing = new LayerWriting();
    switch (layer) {
      case Rnn rnn -> writing.rnn(rnn);
      case Lstm lstm -> writing.lstm(lstm);
      case Gru gru -> writing.gru(gru);
      case Dense dense -> writing.dense(dense);
      case Embedding embedding -> writing.type("embedding").put("vocabulary", embedding.vocabulary()).put("outputs",
          embedding.outputs());
      case LastStep last -> writing.type("last_step").put("inputs", last.inputs());
      case FinalState state -> writing.type("final_state").put("inputs", state.inputs()).put("cell", state.cell(), false);
      default -> throw new IllegalArgumentException(layer + " is not written yet.");
    }
    return Json.of(writing.fields);
  }

  private LayerWriting type(String type) {
    return put("type", type);
  }

  private LayerWriting put(String name, Object value) {
    fields.put(name, value);
    return this;
  }

  private LayerWriting put(String name, Object value, Object usual) {
    return value.equals(usual) ? this : put(name, value);
  }

  private LayerWriting recurrent(String type, Recurrent layer) {
    return type(type).put("inputs", layer.inputs()).put("hidden", layer.hidden())
        .put("directions", Fields.word(layer.directions()), Fields.word(Directions.FORWARD));
  }

  private void end(Recurrent layer, float clip) {
    put("clip", clip, Float.POSITIVE_INFINITY).put("bias", layer.bias(), true);
  }

  private void rnn(Rnn rnn) {
    recurrent("rnn", rnn);
    String forward = ActivationText.write(rnn.activation());
    put("activation", forward, ActivationText.write(Activation.TANH));
    put("reverse_activation", ActivationText.write(rnn.reverseActivation()), forward);
    end(rnn, rnn.clip());
  }

  private void lstm(Lstm lstm) {
    recurrent("lstm", lstm).put("projection", lstm.projection(), 0).put("peepholes", lstm.peepholes(), false)
        .put("coupled_gates", lstm.coupledGates(), false);
    Json forward = json(lstm.activations());
    put("activations", forward, json(Lstm.Activations.USUAL));
    put("reverse_activations", json(lstm.reverseActivations()), forward);
    end(lstm, lstm.clip());
  }

  private static Json json(Lstm.Activations activations) {
    return Json.object("gate", ActivationText.write(activations.gate()), "candidate",
        ActivationText.write(activations.candidate()), "output", ActivationText.write(activations.output()));
  }

  private void gru(Gru gru) {
    recurrent("gru", gru).put("reset_after", gru.resetAfter(), true);
    Json forward = json(gru.activations());
    put("activations", forward, json(Gru.Activations.USUAL));
    put("reverse_activations", json(gru.reverseActivations()), forward);
    end(gru, gru.clip());
  }

  private static Json json(Gru.Activations activations) {
    return Json.object("gate", ActivationText.write(activations.gate()), "candidate",
        ActivationText.write(activations.candidate()));
  }

  private void dense(Dense dense) {
    type("dense").put("inputs", dense.inputs()).put("outputs", dense.outputs())
        .put("activation", ActivationText.write(dense.activation()), ActivationText.write(Activation.IDENTITY))
        .put("softmax", dense.probabilities(), false).put("bias", dense.bias(), true);
  }
}
