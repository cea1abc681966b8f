package dev.carousel;

import dev.carousel.Network.Node;
import dev.carousel.Network.Output;
import dev.carousel.spi.form.AcrossSteps;
import dev.carousel.spi.form.Activation;
import dev.carousel.spi.form.Embed;
import dev.carousel.spi.form.GateGemm;
import dev.carousel.spi.form.Mapping;
import dev.carousel.spi.form.Operation;
import dev.carousel.spi.form.Program;
import dev.carousel.spi.form.Scan;
import dev.carousel.spi.form.Slot;
import dev.carousel.spi.form.Step;
import dev.carousel.spi.form.View;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The way from a network to a Program: a node at a time, each reading what those before it wrote. */
final class Lowering {
  private final Network network;
  private final Placing placing;
  private final boolean streams;
  private final Parameters parameters = new Parameters();
  private final Map<String, View> views = new HashMap<>();
  private final List<Step> steps = new ArrayList<>();

  Lowering(Network network) {
    this.network = network;
    placing = new Placing(network);
    streams = network.streams();
  }

  /**
   * The Program.
   *
   * @param whole what was asked for, of which this network may be what is left after folding
   * @param folded how tensors come about that are not as the weights have them
   */
  Lowered lower(Network whole, Map<String, Folding.Rule> folded) {
    for (Network.Input input : network.inputs()) {
      Slot.Extent extent = input.perStep() ? Slot.Extent.STEPS : Slot.Extent.BATCH;
      Slot slot = input.indices() ? Slot.indices(input.name(), extent, input.width())
          : Placing.slot(Slot.Role.INPUT, input.name(), placing.rows(input.name()), input.width());
      views.put(input.name(), slot.view());
    }
    for (Node node : network.nodes()) {
      views.put(node.name(), lower(node));
    }
    for (Output output : placing.copied()) {
      View from = view(output.from());
      steps.add(new Mapping.Copy(from, placing.output(output.name(), output.from()).view()));
    }
    return new Lowered(whole, Program.of(steps), parameters.sources(folded));
  }

  private View view(String name) {
    return Objects.requireNonNull(views.get(name));
  }

  private View lower(Node node) {
    View in = view(node.reads().getFirst());
    if (Placing.passes(node.layer())) {
      return node.layer() instanceof Columns columns ? Placing.columns(in, columns.first(), columns.outputs()) : in;
    }
    View out = placing.of(node.name());
    String name = node.name();
    switch (node.layer()) {
      case Embedding embedding -> steps.add(
          new Embed(in, parameters.of(name + ".table", embedding.vocabulary(), embedding.outputs()), out));
      case Dense dense -> dense(name, dense, in, out);
      case Conv conv -> new ConvLowering(name, conv, streams, parameters, steps).lower(in, out);
      case Recurrent recurrent -> recurrent(node, recurrent, in, out);
      case Elementwise layer -> steps.add(new Mapping.Activate(layer.activation(), in, out));
      case Softmax softmax ->
        steps.add(softmax.log() ? new Mapping.LogSoftmax(in, out) : new Mapping.Softmax(in, out));
      case Scale scale -> steps.add(new Mapping.Scale(in, row(scale.scales(), name + ".scale", out),
          row(scale.shifts(), name + ".shift", out), out, false));
      case LayerNorm norm -> steps.add(new Mapping.Normalise(in, row(norm.scales(), name + ".scale", out),
          row(norm.shifts(), name + ".shift", out), norm.epsilon(), out));
      case Merge merge -> merge(node, merge, out);
      case Concat concat -> concat(node, concat, out);
      case LastStep _ -> steps.add(new AcrossSteps.LastStep(in, out));
      case FinalState state -> finalState(node.reads().getFirst(), state, out);
      case Pool pool -> steps.add(new AcrossSteps.Pool(pool.rule(), in, out));
      case WindowPool pool ->
        steps.add(new AcrossSteps.WindowPool(pool.rule(), pool.window(), pool.padded(), in, out));
      case SoftmaxSteps _ -> steps.add(new AcrossSteps.SoftmaxSteps(in, out));
      case WeightedSum _ -> steps.add(new AcrossSteps.WeightedSum(view(node.reads().get(1)), in, out));
      case Repeat _ -> steps.add(new AcrossSteps.Repeat(in, out));
      case Flatten _ -> steps.add(new AcrossSteps.Flatten(in, out));
      case Noise _,Columns _ -> throw new IllegalArgumentException(node + " passes on what it reads.");
    }
    return out;
  }

  private @Nullable Slot row(boolean there, String name, View out) {
    return there ? parameters.of(name, 1, out.columns()) : null;
  }

  private void dense(String name, Dense dense, View in, View out) {
    Slot weight = parameters.of(name + ".weight", dense.outputs(), dense.inputs());
    steps.add(new GateGemm(in, weight, row(dense.bias(), name + ".bias", out), out, false));
    if (!dense.activation().equals(Activation.IDENTITY)) {
      steps.add(new Mapping.Activate(dense.activation(), out, out));
    }
    if (dense.probabilities()) {
      steps.add(new Mapping.Softmax(out, out));
    }
  }

  /** What a node reads, at all steps of what it gives. */
  private View repeated(Node node, int index, View out) {
    View in = view(node.reads().get(index));
    if (in.slot().extent() == out.slot().extent()) {
      return in;
    }
    View rows = Placing.slot(Slot.Role.SCRATCH, node.name() + ".repeated" + index, placing.rows(node.name()),
        in.columns()).view();
    steps.add(new AcrossSteps.Repeat(in, rows));
    return rows;
  }

  private void merge(Node node, Merge merge, View out) {
    int count = node.reads().size();
    boolean mean = merge.rule() == Mapping.Combine.Rule.AVERAGE && count > 2;
    View sum = repeated(node, 0, out);
    for (int i = 1; i < count; i++) {
      steps.add(new Mapping.Combine(mean ? Mapping.Combine.Rule.SUM : merge.rule(), sum, repeated(node, i, out), out));
      sum = out;
    }
    if (mean) {
      steps.add(new Mapping.Activate(Activation.Kind.AFFINE.of(1f / count, 0), out, out));
    }
  }

  private void concat(Node node, Concat concat, View out) {
    int first = 0;
    for (int i = 0; i < node.reads().size(); i++) {
      View in = view(node.reads().get(i));
      View place = Placing.columns(out, first, concat.widths().get(i));
      if (in.slot().extent() != out.slot().extent()) {
        steps.add(new AcrossSteps.Repeat(in, place));
      } else if (!in.equals(place)) {
        steps.add(new Mapping.Copy(in, place));
      }
      first += place.columns();
    }
  }

  /** The states of a layer's directions, hidden ones joined as its outputs are. */
  private void finalState(String of, FinalState state, View out) {
    Recurrent layer = (Recurrent) network.nodes().stream().filter(node -> node.name().equals(of)).findFirst()
        .orElseThrow().layer();
    List<View> states = states(of, layer, state.cell());
    Mapping.Combine.Rule rule = state.cell() ? null : rule(layer.directions());
    if (rule != null) {
      steps.add(new Mapping.Combine(rule, states.getFirst(), states.getLast(), out));
      return;
    }
    for (int i = 0; i < states.size(); i++) {
      int width = states.get(i).columns();
      steps.add(new Mapping.Copy(states.get(i), Placing.columns(out, i * width, width)));
    }
  }

  /** The state vectors of a layer, one a direction. */
  private static List<View> states(String name, Recurrent layer, boolean cell) {
    return layer.directions().scans().stream().map(direction -> Slot.batch(Slot.Role.STATE,
        name + "." + direction.name().toLowerCase(Locale.ROOT) + (cell ? ".cell" : ".hidden"),
        cell ? layer.hidden() : layer.width()).view()).toList();
  }

  private static Mapping.Combine.@Nullable Rule rule(Directions directions) {
    return switch (directions) {
      case FORWARD, REVERSE, CONCAT -> null;
      case SUM -> Mapping.Combine.Rule.SUM;
      case AVERAGE -> Mapping.Combine.Rule.AVERAGE;
      case MULTIPLY -> Mapping.Combine.Rule.MULTIPLY;
    };
  }

  private void recurrent(Node node, Recurrent layer, View in, View out) {
    String name = node.name();
    for (int i = 1; i < node.reads().size(); i++) {
      List<View> states = states(name, layer, i == 2);
      for (int part = 0; part < states.size(); part++) {
        int width = states.get(part).columns();
        steps.add(new Mapping.Copy(Placing.columns(view(node.reads().get(i)), part * width, width), states.get(part)));
      }
    }
    Mapping.Combine.Rule rule = rule(layer.directions());
    if (rule != null) {
      merge(name, layer, rule, in, out);
      return;
    }
    List<Scan.Direction> scans = layer.directions().scans();
    for (int i = 0; i < scans.size(); i++) {
      direction(name, layer, scans.get(i), in, Placing.columns(out, i * layer.width(), layer.width()));
    }
  }

  private void merge(String name, Recurrent layer, Mapping.Combine.Rule rule, View in, View out) {
    View reverse = like(in, name + ".reverse.output", layer.width());
    direction(name, layer, Scan.Direction.FORWARD, in, out);
    direction(name, layer, Scan.Direction.REVERSE, in, reverse);
    steps.add(new Mapping.Combine(rule, out, reverse, out));
  }

  /** Scratch rows, one for each of those that are read. */
  private static View like(View in, String name, int columns) {
    return Slot.steps(Slot.Role.SCRATCH, name, in.slot().axis(), columns).view();
  }

  /** The input product of all steps at once, then the scan. */
  private void direction(String layerName, Recurrent layer, Scan.Direction direction, View in, View out) {
    String name = layerName + "." + direction.name().toLowerCase(Locale.ROOT) + ".";
    int rows = layer.gates() * layer.hidden();
    View gates = like(in, name + "gates", rows);
    steps.add(new GateGemm(in, parameters.of(name + "input", rows, layer.inputs()),
        row(layer.bias(), name + "bias", gates), gates, false));
    CellLowering cell = new CellLowering(name, direction == Scan.Direction.FORWARD, gates, out, parameters);
    List<Operation> body = switch (layer) {
      case Rnn rnn -> cell.rnn(rnn);
      case Lstm lstm -> cell.lstm(lstm);
      case Gru gru -> gru.resetAfter() ? cell.gruResetAfter(gru) : cell.gruResetBefore(gru);
    };
    steps.add(new Scan(direction, body));
  }
}
