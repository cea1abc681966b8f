package dev.carousel.formats.onnx;

import dev.carousel.Columns;
import dev.carousel.Dense;
import dev.carousel.Layer;
import dev.carousel.Network;
import dev.carousel.Recurrent;
import dev.carousel.Tensor;
import dev.carousel.Weights;
import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.onnx.Nodes.Entry;
import dev.carousel.formats.onnx.Nodes.Form;
import dev.carousel.formats.onnx.Nodes.State;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The network of those inputs and layers that its outputs need. Where a layer does the work of one before it as well, and
 * something else reads that one, what stands behind it becomes a layer of its own.
 */
final class Assembly {
  private final Nodes nodes;
  private final Map<String, Integer> outputs = new LinkedHashMap<>();
  private final boolean[] live;
  private final Form[] forms;
  private final Map<Integer, String> names = new LinkedHashMap<>();
  private final Map<String, Segments> segments = new LinkedHashMap<>(); // by input of the graph

  /**
   * An assembly.
   *
   * @param outputs the nodes whose rows are outputs, by name
   * @param states those that are needed besides
   */
  Assembly(Reading reading, Map<String, Integer> outputs, Collection<State> states) throws FormatException {
    nodes = reading.nodes();
    this.outputs.putAll(outputs);
    live = new boolean[nodes.size()];
    forms = new Form[nodes.size()];
    outputs.values().forEach(node -> live[node] = true);
    mark(new boolean[nodes.size()]);
    Naming taken = new Naming();
    outputs.keySet().forEach(taken::free);
    for (State state : states) {
      if (!live[doing(state)]) {
        live[state.node()] = true;
        this.outputs.put(taken.free(nodes.entry(state.node()).name()), state.node());
        mark(new boolean[nodes.size()]);
      }
    }
    boolean[] read = read();
    Arrays.fill(live, false);
    this.outputs.values().forEach(node -> live[node] = true);
    mark(read);
    names();
    for (State state : reading.states().all()) {
      check(state);
    }
  }

  /** A state that is given must not be that of two layers of which one does the other's work. */
  private void check(State state) throws FormatException {
    int node = doing(state);
    for (int i = node + 1; i < nodes.size(); i++) {
      FormatException.check(
          !live[i] || !(forms[i] != null && forms[i].layer() instanceof Recurrent) || !keeps(i, state),
          "The layer %s is needed both with and without what stands behind it as a part of it, and starts with a state that"
              + " is given. Let all read the same of it.",
          nodes.entry(state.node()).name());
    }
  }

  /** The layers that are needed for more than one layer that does their work and more. */
  private boolean[] read() {
    boolean[] read = live.clone();
    boolean[] done = live.clone(); // by itself, or by one that does its work
    int[] branches = new int[nodes.size()];
    for (int i = nodes.size() - 1; i >= 0; i--) {
      done[i] |= branches[i] > 0;
      read[i] |= branches[i] > 1;
      int base = nodes.entry(i).base();
      if (base >= 0 && done[i] && nodes.entry(i).behind() != null) {
        branches[base]++;
      }
    }
    return read;
  }

  /**
   * Finds what the outputs need.
   *
   * @param read the layers that others than those that do their work need, as far as that is known
   */
  private void mark(boolean[] read) {
    for (int i = nodes.size() - 1; i >= 0; i--) {
      Entry entry = nodes.entry(i);
      if (live[i] && entry.form() != null) {
        forms[i] = entry.behind() != null && shared(entry, read) ? entry.behind() : entry.form();
        forms[i].reads().forEach(node -> live[node] = true);
      }
    }
  }

  private boolean shared(Entry entry, boolean[] read) {
    for (int base = entry.base(); base >= 0; base = nodes.entry(base).base()) {
      if (read[base]) {
        return true;
      }
    }
    return false;
  }

  /** The layer of the network that keeps a state: that which it was made for, or one that does its work. */
  private int doing(State state) {
    int node = state.node();
    for (int i = node + 1; !live[node] && i < nodes.size(); i++) {
      if (live[i] && nodes.layer(i) instanceof Recurrent && keeps(i, state)) {
        return i;
      }
    }
    return node;
  }

  /** Whether a layer does the work of another and has its state; the hidden one of a projection is another. */
  private boolean keeps(int node, State state) {
    int base = node;
    boolean same = true;
    while (base > state.node()) {
      same &= nodes.entry(base).behind() != null;
      base = nodes.entry(base).base();
    }
    return base == state.node() && (same || state.cell());
  }

  /** Whether a node is one of the network. */
  boolean live(int node) {
    return live[node];
  }

  private void names() throws FormatException {
    Naming taken = new Naming();
    outputs.keySet().forEach(taken::free);
    for (int i = 0; i < nodes.size(); i++) {
      Entry entry = nodes.entry(i);
      int other = entry.form() == null ? nodes.input(entry.name(), !entry.indices()) : -1;
      if (live[i] && other >= 0 && live[other]) {
        if (!entry.indices()) {
          segments.put(entry.name(), Segments.of(entry.name(), entry.width(), readers(i), readers(other), taken));
        }
      } else if (live[i] && entry.form() == null) {
        names.put(i, taken.free(Naming.safe(entry.name())));
      }
    }
    Naming layers = new Naming();
    names.values().forEach(layers::free);
    segments.values().forEach(input -> input.runs().forEach(run -> layers.free(run.name())));
    for (int i = 0; i < nodes.size(); i++) {
      if (live[i] && nodes.entry(i).form() != null) {
        Segments.Run run = run(i);
        names.put(i, run != null && forms[i].layer().outputs() == run.width() ? run.name()
            : layers.free(nodes.entry(i).name()));
      }
    }
  }

  private List<Form> readers(int node) {
    return IntStream.range(0, nodes.size()).filter(i -> live[i] && forms[i] != null && forms[i].reads().contains(node))
        .mapToObj(i -> forms[i]).toList();
  }

  /** The run of columns that a node takes out of an input of floats and indices; null if it does nothing of the kind. */
  private Segments.@Nullable Run run(int node) {
    Entry read = nodes.entry(forms[node].reads().getFirst());
    Segments input = read.form() == null ? segments.get(read.name()) : null;
    return input == null ? null : input.run((Columns) forms[node].layer());
  }

  /** The name of a state vector in the network's Program. */
  String state(State state) {
    int node = doing(state);
    Recurrent layer = (Recurrent) Objects.requireNonNull(nodes.layer(node));
    return names.get(node) + "." + Nodes.directions(layer).get(state.part()) + (state.cell() ? ".cell" : ".hidden");
  }

  /** What the inputs are called that read an input of the graph. */
  List<String> inputs(String input) {
    Segments mixed = segments.get(input);
    List<String> found = new ArrayList<>();
    if (mixed != null) {
      mixed.runs().forEach(run -> found.add(run.name()));
    }
    names.forEach((node, name) -> {
      if (nodes.entry(node).form() == null && nodes.entry(node).name().equals(input)) {
        found.add(name);
      }
    });
    return found;
  }

  /** The layer that a node is in the end. */
  Layer layer(int node) {
    return forms[node].layer();
  }

  /** Whether dense layers, of which the node is the last, have nothing among them that was to be a part of one. */
  boolean dense(int node) {
    int last = node;
    while (forms[last] != null && forms[last].layer() instanceof Dense) {
      last = forms[last].reads().getFirst();
    }
    return last != node && (forms[last] == null || forms[last].equals(nodes.entry(last).form()));
  }

  Network network(Reading reading) {
    List<Network.Input> inputs = new ArrayList<>();
    List<Network.Node> layers = new ArrayList<>();
    segments.forEach((input, mixed) -> mixed.runs().forEach(run -> inputs.add(new Network.Input(run.name(), run.width(),
        reading.perStep(input), run.indices()))));
    names.forEach((node, name) -> {
      Entry entry = nodes.entry(node);
      Segments.Run run = entry.form() == null ? null : run(node);
      if (entry.form() == null) {
        inputs.add(new Network.Input(name, entry.width(), reading.perStep(entry.name()), entry.indices()));
      } else if (run == null) {
        layers.add(new Network.Node(name, forms[node].layer(), forms[node].reads().stream().map(this::name).toList()));
      } else if (!name.equals(run.name())) {
        Columns columns = (Columns) forms[node].layer();
        layers.add(Network.Node.of(name, Columns.of(run.width(), columns.first() - run.from(), columns.outputs()), run
            .name()));
      }
    });
    return new Network(inputs, layers, outputs.entrySet().stream()
        .map(output -> new Network.Output(output.getKey(), name(output.getValue()))).toList());
  }

  private String name(int node) {
    return Objects.requireNonNull(names.get(node));
  }

  Weights weights() {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    names.forEach((node, name) -> {
      if (nodes.entry(node).form() != null) {
        forms[node].layer().tensors().forEach(shape -> tensors.put(name + "." + shape.name(), nodes.tensor(node, shape
            .name())));
      }
    });
    return Weights.of(tensors);
  }
}
