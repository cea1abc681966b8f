package dev.carousel;

import dev.carousel.Network.Node;
import dev.carousel.Network.Output;
import dev.carousel.spi.form.Activation;
import dev.carousel.spi.form.Scan;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Scales and shifts worked into the weights of a product just before or just behind them, where that is the same but for
 * rounding: what is left is a smaller network, and a rule for each tensor that is another then.
 */
final class Folding {
  /** How a tensor of the smaller network comes from the weights of the whole one. */
  @FunctionalInterface
  interface Rule {
    Tensor of(Weights weights);
  }

  private final List<Node> nodes;
  private List<Output> outputs;
  private final Map<String, Rule> tensors = new HashMap<>();

  private Folding(Network network) {
    nodes = new ArrayList<>(network.nodes());
    outputs = network.outputs();
  }

  /** The result. */
  record Folded(Network network, Map<String, Rule> tensors) {}

  static Folded of(Network network) {
    Folding folding = new Folding(network);
    for (int i = 0; i < folding.nodes.size();) {
      i = folding.fold(i) ? 0 : i + 1;
    }
    return new Folded(folding.tensors.isEmpty() ? network
        : new Network(network.inputs(), folding.nodes, folding.outputs), folding.tensors);
  }

  /** {@code scale(weights)[column] * x + shift(weights)[column]}; null where it is the same as 1, as 0. */
  private record Affine(@Nullable Rule scale, @Nullable Rule shift) {
    static @Nullable Affine of(Folding folding, Node node) {
      return switch (node.layer()) {
        case Scale scale -> new Affine(scale.scales() ? folding.rule(node.name() + ".scale") : null,
            scale.shifts() ? folding.rule(node.name() + ".shift") : null);
        case Elementwise(int width, Activation by) when by.kind() == Activation.Kind.AFFINE ->
          new Affine(_ -> row(width, _ -> by.alpha()), by.beta() == 0 ? null : _ -> row(width, _ -> by.beta()));
        default -> null;
      };
    }

    IntToDoubleFunction scale(Weights weights) {
      return column(scale, weights, 1);
    }

    IntToDoubleFunction shift(Weights weights) {
      return column(shift, weights, 0);
    }

    private static IntToDoubleFunction column(@Nullable Rule rule, Weights weights, double otherwise) {
      if (rule == null) {
        return _ -> otherwise;
      }
      Tensor tensor = rule.of(weights);
      return column -> tensor.get(0, column);
    }
  }

  private static Tensor row(int columns, IntToDoubleFunction values) {
    return matrix(1, columns, (_, column) -> values.applyAsDouble(column));
  }

  /** An element. */
  private interface Element {
    double at(int row, int column);
  }

  private static Tensor matrix(int rows, int columns, Element element) {
    float[] values = new float[Math.multiplyExact(rows, columns)];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) element.at(i / columns, i % columns);
    }
    return new Tensor(rows, columns, MemorySegment.ofArray(values));
  }

  private Rule rule(String tensor) {
    return tensors.getOrDefault(tensor, weights -> weights.tensor(tensor));
  }

  private boolean fold(int index) {
    Node node = nodes.get(index);
    Affine affine = Affine.of(this, node);
    return affine != null && (behind(node, affine) || ahead(node, affine));
  }

  /** Into the product that the node reads, if nothing else reads that. */
  private boolean behind(Node node, Affine affine) {
    String read = node.reads().getFirst();
    Node product = nodes.stream().filter(other -> other.name().equals(read)).findFirst().orElse(null);
    if (product == null || outputs.stream().anyMatch(output -> output.from().equals(read))
        || nodes.stream().filter(other -> other.reads().contains(read)).count() != 1) {
      return false;
    }
    boolean linear = switch (product.layer()) {
      case Dense dense -> dense.activation().equals(Activation.IDENTITY) && !dense.probabilities();
      case Conv conv -> conv.activation().equals(Activation.IDENTITY);
      default -> false;
    };
    if (!linear) {
      return false;
    }
    String weight = product.name() + ".weight";
    String bias = product.name() + ".bias";
    Rule before = rule(weight);
    tensors.put(weight, weights -> {
      Tensor tensor = before.of(weights);
      IntToDoubleFunction scale = affine.scale(weights);
      return matrix(tensor.rows(), tensor.columns(),
          (row, column) -> scale.applyAsDouble(row) * tensor.get(row, column));
    });
    Rule biasBefore = biased(product.layer()) ? rule(bias) : null;
    tensors.put(bias, weights -> {
      IntToDoubleFunction scale = affine.scale(weights);
      IntToDoubleFunction shift = affine.shift(weights);
      Tensor tensor = biasBefore == null ? null : biasBefore.of(weights);
      return row(product.layer().outputs(), column -> (tensor == null ? 0
          : scale.applyAsDouble(column) * tensor.get(0, column)) + shift.applyAsDouble(column));
    });
    replace(product, new Node(product.name(), withBias(product.layer()), product.reads()));
    drop(node, product.name());
    return true;
  }

  private static boolean biased(Layer layer) {
    return switch (layer) {
      case Dense dense -> dense.bias();
      case Conv conv -> conv.bias();
      case Recurrent recurrent -> recurrent.bias();
      default -> false;
    };
  }

  private static Layer withBias(Layer layer) {
    return switch (layer) {
      case Dense dense -> new Dense(dense.inputs(), dense.outputs(), dense.activation(), dense.probabilities(), true);
      case Conv conv -> new Conv(conv.inputs(), conv.outputs(), conv.window(), conv.groups(), conv.activation(), true);
      case Rnn rnn -> new Rnn(rnn.inputs(), rnn.hidden(), rnn.directions(), rnn.activation(), rnn.reverseActivation(),
          rnn.clip(), true);
      case Lstm lstm -> new Lstm(lstm.inputs(), lstm.hidden(), lstm.projection(), lstm.directions(), lstm.peepholes(),
          lstm.coupledGates(), lstm.activations(), lstm.reverseActivations(), lstm.clip(), true);
      case Gru gru -> new Gru(gru.inputs(), gru.hidden(), gru.resetAfter(), gru.directions(), gru.activations(),
          gru.reverseActivations(), gru.clip(), true);
      default -> layer;
    };
  }

  /** Into all products that read the node, if nothing but products reads it. */
  private boolean ahead(Node node, Affine affine) {
    List<Node> readers = nodes.stream().filter(other -> other.reads().contains(node.name())).toList();
    if (readers.isEmpty() || outputs.stream().anyMatch(output -> output.from().equals(node.name()))
        || !readers.stream().allMatch(reader -> multiplies(reader, node.name(), affine))) {
      return false;
    }
    for (Node reader : readers) {
      switch (reader.layer()) {
        case Recurrent recurrent -> {
          for (Scan.Direction direction : recurrent.directions().scans()) {
            String name = reader.name() + "." + direction.name().toLowerCase(Locale.ROOT) + ".";
            multiply(name + "input", recurrent.bias() ? rule(name + "bias") : null, name + "bias", affine,
                (_, place) -> place, recurrent.gates() * recurrent.hidden());
            if (!recurrent.bias() && recurrent instanceof Gru gru && gru.resetAfter()) {
              tensors.put(name + "recurrent_bias", _ -> row(3 * gru.hidden(), _ -> 0));
            }
          }
        }
        default -> multiply(reader.name() + ".weight", biased(reader.layer()) ? rule(reader.name() + ".bias") : null,
            reader.name() + ".bias", affine, columns(reader.layer()), reader.layer().outputs());
      }
      replace(reader, new Node(reader.name(), withBias(reader.layer()), reader.reads()));
    }
    drop(node, node.reads().getFirst());
    return true;
  }

  private static boolean multiplies(Node reader, String read, Affine affine) {
    return reader.reads().stream().filter(read::equals).count() == 1 && reader.reads().getFirst().equals(read)
        && switch (reader.layer()) {
          case Dense _,Recurrent _ -> true;
          // Beyond a sequence's ends are zeros, and not what a shift would make of them.
          case Conv conv -> affine.shift() == null
              || (!conv.window().same() && conv.window().before() == 0 && conv.window().after() == 0);
          default -> false;
        };
  }

  /** The column of what a layer reads that stands at a place in a row of its weights. */
  private interface Places {
    int column(int row, int place);
  }

  private static Places columns(Layer layer) {
    if (!(layer instanceof Conv conv)) {
      return (_, place) -> place;
    }
    int group = conv.inputs() / conv.groups();
    int results = conv.outputs() / conv.groups();
    return (row, place) -> row / results * group + place % group;
  }

  private void multiply(String weight, @Nullable Rule biasBefore, String bias, Affine affine, Places places,
      int results) {
    Rule before = rule(weight);
    tensors.put(weight, weights -> {
      Tensor tensor = before.of(weights);
      IntToDoubleFunction scale = affine.scale(weights);
      return matrix(tensor.rows(), tensor.columns(),
          (row, place) -> tensor.get(row, place) * scale.applyAsDouble(places.column(row, place)));
    });
    tensors.put(bias, weights -> {
      Tensor tensor = before.of(weights);
      Tensor own = biasBefore == null ? null : biasBefore.of(weights);
      IntToDoubleFunction shift = affine.shift(weights);
      return row(results, result -> {
        double sum = own == null ? 0 : own.get(0, result);
        for (int place = 0; place < tensor.columns(); place++) {
          sum += tensor.get(result, place) * shift.applyAsDouble(places.column(result, place));
        }
        return sum;
      });
    });
  }

  private void replace(Node node, Node by) {
    nodes.set(nodes.indexOf(node), by);
  }

  /** Takes a node away; who read it reads another. */
  private void drop(Node node, String instead) {
    nodes.remove(node);
    nodes.replaceAll(other -> new Node(other.name(), other.layer(),
        other.reads().stream().map(read -> read.equals(node.name()) ? instead : read).toList()));
    outputs = outputs.stream()
        .map(output -> output.from().equals(node.name()) ? new Output(output.name(), instead) : output).toList();
  }
}
