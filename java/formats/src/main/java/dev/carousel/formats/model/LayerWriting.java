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
import dev.carousel.Recurrent;
import dev.carousel.Repeat;
import dev.carousel.Rnn;
import dev.carousel.Scale;
import dev.carousel.Softmax;
import dev.carousel.SoftmaxSteps;
import dev.carousel.WeightedSum;
import dev.carousel.WindowPool;
import dev.carousel.formats.json.Fields;
import dev.carousel.formats.json.Json;
import dev.carousel.spi.form.Activation;
import dev.carousel.spi.form.Window;
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
      case Conv conv -> writing.conv(conv);
      case Concat concat -> writing.type("concat").put("widths", concat.widths());
      case Elementwise elementwise -> writing.rows("elementwise", layer).put("activation",
          ActivationText.write(elementwise.activation()));
      case Softmax softmax -> writing.rows("softmax", layer).put("log", softmax.log(), false);
      case Scale scale -> writing.rows("scale", layer).affine(scale.scales(), scale.shifts());
      case LayerNorm norm -> writing.rows("layer_norm", layer).put("epsilon", norm.epsilon(), LayerNorm.of(1).epsilon())
          .affine(norm.scales(), norm.shifts());
      case Merge merge -> writing.rows("merge", layer).put("rule", Fields.word(merge.rule()));
      case Columns columns -> writing.rows("columns", layer).put("first", columns.first(), 0).put("outputs",
          columns.outputs());
      case LastStep _ -> writing.rows("last_step", layer);
      case FinalState state -> writing.rows("final_state", layer).put("cell", state.cell(), false);
      case Pool pool -> writing.rows("pool", layer).put("rule", Fields.word(pool.rule()));
      case WindowPool pool -> writing.rows("window_pool", layer).put("rule", Fields.word(pool.rule()))
          .window(pool.window()).put("padded", pool.padded(), false);
      case SoftmaxSteps _ -> writing.rows("softmax_steps", layer);
      case WeightedSum sum -> writing.rows("weighted_sum", layer).put("heads", sum.heads(), 1);
      case Repeat repeat -> writing.rows("repeat", layer).put("steps", repeat.steps(), 0);
      case Flatten flatten -> writing.rows("flatten", layer).put("steps", flatten.steps());
      case Noise noise -> writing.rows("noise", layer).put("kind", Fields.word(noise.kind())).put("amount",
          noise.amount());
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

  private LayerWriting rows(String type, Layer layer) {
    return type(type).put("inputs", layer.inputs());
  }

  private LayerWriting affine(boolean scales, boolean shifts) {
    return put("scales", scales, true).put("shifts", shifts, true);
  }

  private LayerWriting window(Window window) {
    LayerWriting inner = new LayerWriting();
    inner.put("width", window.width()).put("stride", window.stride(), 1).put("dilation", window.dilation(), 1)
        .put("before", window.before(), 0).put("after", window.after(), 0).put("same", window.same(), false);
    return put("window", inner.fields);
  }

  private void conv(Conv conv) {
    type("conv").put("inputs", conv.inputs()).put("outputs", conv.outputs()).window(conv.window())
        .put("groups", conv.groups(), 1)
        .put("activation", ActivationText.write(conv.activation()), ActivationText.write(Activation.IDENTITY))
        .put("bias", conv.bias(), true);
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
