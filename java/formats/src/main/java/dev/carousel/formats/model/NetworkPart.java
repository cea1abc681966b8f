package dev.carousel.formats.model;

import static dev.carousel.spi.form.Check.argument;

import dev.carousel.Layer;
import dev.carousel.Network;
import dev.carousel.Network.Input;
import dev.carousel.Network.Node;
import dev.carousel.Network.Output;
import dev.carousel.Network.Rows;
import dev.carousel.Repeat;
import dev.carousel.spi.form.Axis;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** What stands between some values of a network and others: the first become inputs, the others outputs. */
final class NetworkPart {
  private final Network network;
  private final Map<String, Rows> values;
  private final Map<String, Node> nodes = new HashMap<>();
  private final Set<String> from;
  private final Set<String> needed = new LinkedHashSet<>(); // nodes of the part, and what they read
  private final List<Output> outputs = new ArrayList<>();

  private NetworkPart(Network network, Collection<String> from, Collection<String> to) {
    this.network = network;
    values = network.values();
    this.from = new LinkedHashSet<>(from);
    network.nodes().forEach(node -> nodes.put(node.name(), node));
    for (String name : from) {
      argument(values.containsKey(name),
          "A part of the network was asked for from %s, and no input or node is called so. There are"
              + " %s.",
          name, values.keySet());
    }
    for (String name : to) {
      Output output = output(name);
      if (!outputs.contains(output)) {
        outputs.add(output);
      }
      needed.add(output.from());
    }
    argument(!outputs.isEmpty(), "A part of the network was asked for to nothing. Name what it is to give.");
    for (Node node : network.nodes().reversed()) {
      if (isInside(node)) {
        needed.addAll(node.reads());
      }
    }
    for (String name : this.from) {
      argument(needed.contains(name), "A part of the network was asked for from %s to %s, and nothing leads from %s"
          + " there.", name, to, name);
    }
  }

  /** The part from some inputs or nodes to some nodes or outputs; inputs that it needs besides are kept. */
  static Network of(Network network, Collection<String> from, Collection<String> to) {
    return new NetworkPart(network, from, to).network();
  }

  /** An output of the network by its name, or else a node. */
  private Output output(String name) {
    for (Output output : network.outputs()) {
      if (output.name().equals(name)) {
        return output;
      }
    }
    argument(nodes.containsKey(name), "A part of the network was asked for to %s, and no node or output is called so."
        + " There are %s.", name, values.keySet());
    return Output.of(name);
  }

  /** Whether a node is computed in the part. */
  private boolean isInside(Node node) {
    return needed.contains(node.name()) && !from.contains(node.name());
  }

  private Network network() {
    List<Node> inside = network.nodes().stream().filter(this::isInside).toList();
    argument(!inside.isEmpty(), "A part of the network was asked for from %s to %s, and there is no node between.",
        from,
        outputs.stream().map(Output::from).toList());
    List<Input> inputs = new ArrayList<>();
    for (Input input : network.inputs()) {
      if (needed.contains(input.name())) {
        inputs.add(input);
      }
    }
    for (String name : from) {
      if (nodes.containsKey(name)) {
        Rows rows = rows(name);
        inputs.add(new Input(name, rows.width(), rows.perStep(), rows.indices()));
      }
    }
    checkSteps(inputs, inside);
    return new Network(inputs, inside, outputs);
  }

  private Rows rows(String value) {
    return Objects.requireNonNull(values.get(value));
  }

  /** All rows for each step that are given have the same steps, which become those of a run. */
  private void checkSteps(List<Input> inputs, List<Node> inside) {
    Set<Axis> axes = new HashSet<>();
    inputs.stream().filter(Input::perStep).forEach(input -> axes.add(rows(input.name()).axis()));
    for (Node node : inside) {
      Layer layer = node.layer();
      if (layer instanceof Repeat repeat && repeat.steps() == 0) {
        axes.add(Axis.RUN);
      }
    }
    argument(axes.size() <= 1,
        "A part of the network was asked for from %s, and what it is given has steps of %s: a run"
            + " has only one of them. Begin where the steps are the same.",
        from, axes);
  }
}
