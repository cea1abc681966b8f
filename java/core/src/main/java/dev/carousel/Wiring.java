package dev.carousel;

import static dev.carousel.spi.form.Check.argument;

import dev.carousel.Network.Input;
import dev.carousel.Network.Node;
import dev.carousel.Network.Output;
import dev.carousel.Network.Rows;
import dev.carousel.spi.form.Axis;
import dev.carousel.spi.form.Check;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** How the nodes of a network hang together: what each name gives, and whether all fits. */
final class Wiring {
  private final List<Input> inputs;
  private final List<Node> nodes;
  private final List<Output> outputs;
  private final Map<String, Rows> rows = new LinkedHashMap<>();
  private final Map<String, Node> made = new HashMap<>();

  Wiring(List<Input> inputs, List<Node> nodes, List<Output> outputs) {
    this.inputs = inputs;
    this.nodes = nodes;
    this.outputs = outputs;
    argument(!inputs.isEmpty() && !nodes.isEmpty() && !outputs.isEmpty(),
        "A network of %d inputs, %d nodes and %d outputs was asked for; it needs at least one of each.", inputs.size(),
        nodes.size(), outputs.size());
    for (Input input : inputs) {
      LayerCheck.size("Input " + input.name(), "columns", input.width());
      give(input.name(), new Rows(input.width(), input.perStep(), Axis.RUN, input.indices()));
    }
    for (Node node : nodes) {
      for (String read : node.reads()) {
        if (!rows.containsKey(read)) {
          throw missing(node, read);
        }
      }
      argument(!node.reads().isEmpty(), "Node %s reads nothing. Name what it reads.", node);
      give(node.name(), result(node));
      made.put(node.name(), node);
    }
  }

  private IllegalArgumentException missing(Node node, String read) {
    return Check.refusal("Node %s reads %s, and there is no input and no node before it of that name. %s", node, read,
        nodes.stream().anyMatch(other -> other.name().equals(read))
            ? "It stands at or behind the node that reads it; put it before. A cycle cannot be run."
            : "There are " + rows.keySet() + ".");
  }

  /** The rows of every input and node. */
  Map<String, Rows> values() {
    return Collections.unmodifiableMap(rows);
  }

  private void give(String name, Rows what) {
    argument(!name.isBlank() && name.indexOf('.') < 0,
        "\"%s\" is to be the name of an input or node; a name is not blank and has no dot.", name);
    argument(rows.put(name, what) == null, "Two inputs or nodes are called %s. Give each its own name.", name);
  }

  /** Throws if what it was not checked for when it was made does not hold. */
  void check() {
    Set<String> wanted = new HashSet<>();
    Set<String> names = new HashSet<>();
    for (Output output : outputs) {
      argument(rows.containsKey(output.from()), "Output %s is to be what %s gives, and nothing of that name is there."
          + " There are %s.", output.name(), output.from(), rows.keySet());
      argument(!output.name().isBlank() && output.name().indexOf('.') < 0,
          "\"%s\" is to be the name of an output; a name is not blank and has no dot.", output.name());
      argument(names.add(output.name()), "Two outputs are called %s. Give each its own name.", output.name());
      argument(!from(output).indices(), "Output %s is to be indices, of %s; networks compute floats.", output.name(),
          output.from());
      argument(inputs.stream().noneMatch(input -> input.name().equals(output.name())),
          "An input and an output are called %s. Give each its own name.", output.name());
      wanted.add(output.from());
    }
    for (Node node : nodes.reversed()) {
      argument(wanted.contains(node.name()), "Node %s is no output, and no node that reads it leads to one. Take it"
          + " out.", node);
      wanted.addAll(node.reads());
    }
    for (Input input : inputs) {
      argument(wanted.contains(input.name()), "Input %s is read by no node. Take it out.", input.name());
    }
  }

  Rows rows(String name) {
    Rows found = outputs.stream().filter(output -> output.name().equals(name)).findFirst().map(this::from)
        .orElse(rows.get(name));
    argument(found != null, "The rows of %s were asked for, and nothing of that name is there. There are %s.", name,
        rows.keySet());
    return Objects.requireNonNull(found);
  }

  private Rows from(Output output) {
    return read(output.from());
  }

  private Rows read(String name) {
    return Objects.requireNonNull(rows.get(name));
  }

  /** What a node gives, if what it reads fits. */
  private Rows result(Node node) {
    List<Rows> reads = node.reads().stream().map(this::read).toList();
    count(node, reads.size());
    Rows first = reads.getFirst();
    Layer layer = node.layer();
    boolean takesIndices = layer instanceof Embedding || (layer instanceof Columns && first.indices());
    for (int i = 0; i < reads.size(); i++) {
      argument(reads.get(i).indices() == takesIndices, takesIndices
          ? "Node %s looks up indices, and %s gives it floats."
          : "Node %s takes rows of floats, and %s gives indices. Put an embedding between the two.", node,
          node.reads().get(i));
      width(node, i, reads.get(i).width());
    }
    return switch (layer) {
      case Recurrent recurrent -> {
        steps(node, 0, first);
        for (int i = 1; i < reads.size(); i++) {
          argument(!reads.get(i).perStep(),
              "Node %s starts with a state, a row a sequence, and %s has a row for each step.", node,
              node.reads().get(i));
        }
        yield new Rows(recurrent.outputs(), true, first.axis(), false);
      }
      case FinalState state -> {
        Node read = made.get(node.reads().getFirst());
        argument(read != null && read.layer() instanceof Recurrent,
            "Node %s returns the state that a recurrent layer ends with, and %s is none.", node,
            node.reads().getFirst());
        argument(!state.cell() || (read != null && read.layer() instanceof Lstm lstm
            && lstm.hidden() * lstm.directions().scans().size() == state.inputs()),
            "Node %s returns the cell state of an LSTM with so many units in all, and %s is none.", node,
            node.reads().getFirst());
        yield row(layer);
      }
      case LastStep _,Pool _,Flatten _ -> {
        steps(node, 0, first);
        yield row(layer);
      }
      case WeightedSum _ -> {
        steps(node, 0, first);
        steps(node, 1, reads.get(1));
        argument(first.axis().equals(reads.get(1).axis()),
            "Node %s takes a weight for each row, and %s has %s steps, %s"
                + " has %s.",
            node, node.reads().get(0), first.axis(), node.reads().get(1), reads.get(1).axis());
        yield row(layer);
      }
      case Conv conv -> {
        steps(node, 0, first);
        yield new Rows(conv.outputs(), true, conv.window().over(first.axis()), false);
      }
      case WindowPool pool -> {
        steps(node, 0, first);
        yield new Rows(pool.outputs(), true, pool.window().over(first.axis()), false);
      }
      case SoftmaxSteps _ -> {
        steps(node, 0, first);
        yield first;
      }
      case Repeat repeat -> {
        argument(!first.perStep(), "Node %s repeats a row a sequence, and %s has a row for each step already.", node,
            node.reads().getFirst());
        yield new Rows(repeat.outputs(), true, repeat.steps() == 0 ? Axis.RUN : new Axis.Fixed(repeat.steps()), false);
      }
      case Merge _,Concat _ -> joined(node, reads);
      case Columns columns -> new Rows(columns.outputs(), first.perStep(), first.axis(), first.indices());
      case Dense _,Embedding _,Elementwise _,Softmax _,Scale _,LayerNorm _,Noise _ ->
        new Rows(layer.outputs(), first.perStep(), first.axis(), false);
    };
  }

  private static Rows row(Layer layer) {
    return new Rows(layer.outputs(), false, Axis.RUN, false);
  }

  /** Rows of all steps of one axis, if any has steps; those of a sequence count for all of them. */
  private static Rows joined(Node node, List<Rows> reads) {
    Optional<Rows> steps = reads.stream().filter(Rows::perStep).findFirst();
    for (int i = 0; i < reads.size(); i++) {
      Rows read = reads.get(i);
      argument(!read.perStep() || read.axis().equals(steps.orElseThrow().axis()),
          "Node %s takes rows of the same steps,"
              + " and %s has %s of them, where one before it has %s.",
          node, node.reads().get(i), read.axis(),
          steps.isPresent() ? steps.get().axis() : "");
    }
    return new Rows(node.layer().outputs(), steps.isPresent(), steps.map(Rows::axis).orElse(Axis.RUN), false);
  }

  private static void count(Node node, int reads) {
    int most = switch (node.layer()) {
      case Lstm _ -> 3;
      case Gru _,Rnn _,WeightedSum _ -> 2;
      case Concat concat -> concat.widths().size();
      case Merge _ -> Integer.MAX_VALUE;
      default -> 1;
    };
    int least = switch (node.layer()) {
      case WeightedSum _,Merge _ -> 2;
      case Concat concat -> concat.widths().size();
      default -> 1;
    };
    argument(reads >= least && reads <= most && !(node.layer() instanceof Lstm && reads == 2),
        "Node %s reads %d values. It takes %s.", node, reads, least == most ? least
            : node.layer() instanceof Lstm ? "1, or 3 with a hidden and a cell state"
                : most == Integer.MAX_VALUE ? "2 or more" : least + " or " + most);
  }

  private static void width(Node node, int index, int width) {
    int expected = switch (node.layer()) {
      case Concat concat -> concat.widths().get(index);
      case WeightedSum sum -> index == 0 ? sum.inputs() : sum.heads();
      case Merge merge -> index > 0 && width == 1 ? 1 : merge.inputs();
      case Recurrent recurrent when index > 0 -> recurrent.directions().scans().size()
          * (index == 1 ? recurrent.width() : recurrent.hidden());
      case FinalState state when state.cell() -> width; // that of the cell is another
      default -> node.layer().inputs();
    };
    argument(width == expected, "Node %s takes rows of %d, and %s gives rows of %d. Make the two the same.", node,
        expected, node.reads().get(index), width);
  }

  private static void steps(Node node, int index, Rows rows) {
    argument(rows.perStep(),
        "Node %s takes a row a step, and %s gives one row a sequence. Read what stands before that,"
            + " or repeat it.",
        node, node.reads().get(index));
  }

  /** The first node, if any, that cannot begin before all steps of a sequence are there. */
  Optional<Node> readsAhead() {
    Set<String> ends = new HashSet<>(); // rows that are known at a sequence's end
    for (Node node : nodes) {
      boolean after = node.reads().stream().anyMatch(ends::contains);
      boolean steps = read(node.name()).perStep();
      boolean ahead = switch (node.layer()) {
        case Recurrent recurrent -> recurrent.directions() != Directions.FORWARD || node.reads().size() > 1;
        case Conv conv -> !conv.window().streams();
        case WindowPool pool -> pool.window().width() > 1 || pool.window().stride() > 1;
        case Pool _,SoftmaxSteps _,WeightedSum _,Flatten _ -> true;
        case Repeat repeat -> repeat.steps() > 0;
        default -> false;
      };
      if (ahead || (after && steps)) {
        return Optional.of(node);
      }
      if (after || node.layer() instanceof LastStep || node.layer() instanceof FinalState) {
        ends.add(node.name());
      }
    }
    return Optional.empty();
  }
}
