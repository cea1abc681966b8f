package dev.carousel;

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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The way from a network to a Program: a layer at a time, each reading the rows that the one before wrote. */
final class Lowering {
  private final Network network;
  private final List<Step> steps = new ArrayList<>();
  private final Map<Slot, Lowered.Source> sources = new LinkedHashMap<>();

  Lowering(Network network) {
    this.network = network;
  }

  Lowered lower() {
    Slot input = network.takesIndices()
        ? Slot.indices("input")
        : Slot.steps(Slot.Role.INPUT, "input", network.inputs());
    View rows = input.view();
    for (int i = 0; i < network.layers().size(); i++) {
      rows = layer(Integer.toString(i), network.layers().get(i), rows, i == network.layers().size() - 1);
    }
    return new Lowered(network, Program.of(steps), sources);
  }

  private View layer(String name, Layer layer, View in, boolean last) {
    boolean batch = layer instanceof LastStep || layer instanceof FinalState
        || in.slot().extent() == Slot.Extent.BATCH;
    View out = new Slot(last ? "output" : name + ".output", last ? Slot.Role.OUTPUT : Slot.Role.SCRATCH,
        batch ? Slot.Extent.BATCH : Slot.Extent.STEPS, Slot.Element.F32, 1, layer.outputs()).view();
    switch (layer) {
      case Embedding embedding ->
        steps.add(new Embed(in, parameter(name + ".table", embedding.vocabulary(), embedding.outputs()), out));
      case LastStep _ -> steps.add(new Mapping.LastStep(in, out));
      case FinalState _ -> finalState(Integer.parseInt(name) - 1, out);
      case Dense dense -> dense(name, dense, in, out);
      case Recurrent recurrent -> recurrent(name, recurrent, in, out);
    }
    return out;
  }

  private void dense(String name, Dense dense, View in, View out) {
    Slot weight = parameter(name + ".weight", dense.outputs(), dense.inputs());
    Slot bias = dense.bias() ? parameter(name + ".bias", 1, dense.outputs()) : null;
    steps.add(new GateGemm(in, weight, bias, out, false));
    if (!dense.activation().equals(Activation.IDENTITY)) {
      steps.add(new Mapping.Activate(dense.activation(), out, out));
    }
    if (dense.probabilities()) {
      steps.add(new Mapping.Softmax(out, out));
    }
  }

  /** The hidden states of a layer's directions, joined as their outputs are. */
  private void finalState(int index, View out) {
    Recurrent layer = (Recurrent) network.layers().get(index);
    List<View> states = layer.directions().scans().stream().map(direction -> Slot.batch(Slot.Role.STATE,
        index + "." + direction.name().toLowerCase(Locale.ROOT) + ".hidden", layer.width()).view()).toList();
    Mapping.Combine.Rule rule = rule(layer.directions());
    if (rule != null) {
      steps.add(new Mapping.Combine(rule, states.getFirst(), states.getLast(), out));
      return;
    }
    for (int i = 0; i < states.size(); i++) {
      steps.add(new Mapping.Copy(states.get(i), out.slot().columns(i * layer.width(), layer.width())));
    }
  }

  private static Mapping.Combine.@Nullable Rule rule(Directions directions) {
    return switch (directions) {
      case FORWARD, REVERSE, CONCAT -> null;
      case SUM -> Mapping.Combine.Rule.SUM;
      case AVERAGE -> Mapping.Combine.Rule.AVERAGE;
      case MULTIPLY -> Mapping.Combine.Rule.MULTIPLY;
    };
  }

  private void recurrent(String name, Recurrent layer, View in, View out) {
    Mapping.Combine.Rule rule = rule(layer.directions());
    if (rule != null) {
      merge(name, layer, rule, in, out);
      return;
    }
    List<Scan.Direction> scans = layer.directions().scans();
    for (int i = 0; i < scans.size(); i++) {
      direction(name, layer, scans.get(i), in, out.slot().columns(i * layer.width(), layer.width()));
    }
  }

  private void merge(String name, Recurrent layer, Mapping.Combine.Rule rule, View in, View out) {
    View reverse = Slot.steps(Slot.Role.SCRATCH, name + ".reverse.output", layer.width()).view();
    direction(name, layer, Scan.Direction.FORWARD, in, out);
    direction(name, layer, Scan.Direction.REVERSE, in, reverse);
    steps.add(new Mapping.Combine(rule, out, reverse, out));
  }

  /** The input product of all steps at once, then the scan. */
  private void direction(String layerName, Recurrent layer, Scan.Direction direction, View in, View out) {
    String name = layerName + "." + direction.name().toLowerCase(Locale.ROOT) + ".";
    int rows = layer.gates() * layer.hidden();
    View gates = Slot.steps(Slot.Role.SCRATCH, name + "gates", rows).view();
    steps.add(new GateGemm(in, parameter(name + "input", rows, layer.inputs()), bias(layer, name, rows), gates, false));
    CellLowering cell = new CellLowering(name, direction == Scan.Direction.FORWARD, gates, out, this::parameter);
    List<Operation> body = switch (layer) {
      case Rnn rnn -> cell.rnn(rnn);
      case Lstm lstm -> cell.lstm(lstm);
      case Gru gru -> gru.resetAfter() ? cell.gruResetAfter(gru) : cell.gruResetBefore(gru);
    };
    steps.add(new Scan(direction, body));
  }

  private @Nullable Slot bias(Recurrent layer, String name, int rows) {
    return layer.bias() ? parameter(name + "bias", 1, rows) : null;
  }

  private Slot parameter(String tensor, int rows, int columns) {
    return parameter(tensor, tensor, 0, rows, columns);
  }

  private Slot parameter(String name, String tensor, int row, int rows, int columns) {
    Slot slot = Slot.parameter(name, rows, columns);
    sources.put(slot, new Lowered.Source(tensor, row));
    return slot;
  }
}
