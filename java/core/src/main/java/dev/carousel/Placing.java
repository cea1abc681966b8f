package dev.carousel;

import dev.carousel.Network.Node;
import dev.carousel.Network.Output;
import dev.carousel.Network.Rows;
import dev.carousel.spi.form.Slot;
import dev.carousel.spi.form.View;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Where each node puts its rows: in an output, in the columns of a concatenation that reads them, in the place of a reader
 * that may overwrite them, or in a slot of its own. So nothing is copied that can be written where it is wanted.
 */
final class Placing {
  private final Network network;
  private final Map<String, Rows> rows;
  private final Map<String, Node> nodes = new HashMap<>();
  private final Map<String, Integer> readers = new HashMap<>(); // how many read what each gives
  private final Set<String> shared = new HashSet<>(); // nodes in whose place stands what others read, too
  private final Map<String, String> direct = new HashMap<>(); // a node to the output that it writes itself
  private final Map<String, Part> parts = new HashMap<>();
  private final Map<String, View> made = new HashMap<>();

  /** Columns of what another node gives, from one on. */
  private record Part(String of, int first) {}

  Placing(Network network) {
    this.network = network;
    rows = network.values();
    network.nodes().forEach(node -> node.reads().forEach(read -> readers.merge(read, 1, Integer::sum)));
    network.nodes().forEach(node -> nodes.put(node.name(), node));
    for (Output output : network.outputs()) {
      if (computes(output.from())) {
        direct.putIfAbsent(output.from(), output.name());
      }
    }
    for (Node node : network.nodes()) {
      String first = node.reads().getFirst();
      if (node.layer() instanceof Concat concat) {
        int column = 0;
        for (int i = 0; i < node.reads().size(); i++) {
          place(node, node.reads().get(i), column);
          column += concat.widths().get(i);
        }
      } else if (overwrites(node.layer()) && readOnce(first) && !shared.contains(first)) {
        place(node, first, 0);
      }
    }
  }

  private boolean readOnce(String name) {
    return readers.getOrDefault(name, 0) == 1;
  }

  private void place(Node reader, String read, int first) {
    Rows one = rows(read);
    Rows other = rows(reader.name());
    if (computes(read) && !besideItself(read) && !direct.containsKey(read) && one.perStep() == other.perStep()
        && one.axis().equals(other.axis()) && parts.putIfAbsent(read, new Part(reader.name(), first)) == null
        && (!readOnce(read) || shared.contains(read))) {
      shared.add(reader.name());
    }
  }

  /** Whether it is a node that writes rows, rather than passing on what it reads. */
  private boolean computes(String name) {
    Node node = nodes.get(name);
    return node != null && !passes(node.layer());
  }

  /** Whether what a layer gives is what it reads, or columns of it. */
  static boolean passes(Layer layer) {
    return layer instanceof Noise || layer instanceof Columns;
  }

  /** Whether a node might come to stand in the slot that it reads, where windows may not: that has the same steps. */
  private boolean besideItself(String name) {
    Node node = nodes.get(name);
    return node != null && node.layer() instanceof WindowPool
        && rows(name).axis().equals(rows(node.reads().getFirst()).axis());
  }

  /** Whether a layer may put its rows where the first that it reads were. */
  private static boolean overwrites(Layer layer) {
    return layer instanceof Elementwise || layer instanceof Softmax || layer instanceof Scale
        || layer instanceof LayerNorm || layer instanceof Merge;
  }

  Rows rows(String name) {
    return Objects.requireNonNull(rows.get(name));
  }

  /** The place of what a node gives. */
  View of(String node) {
    Deque<String> inner = new ArrayDeque<>(); // of a long chain in one place, which recursion would be too deep for
    String at = node;
    for (Part part = parts.get(at); part != null && !made.containsKey(at); part = parts.get(at)) {
      inner.push(at);
      at = part.of();
    }
    View place = made.computeIfAbsent(at, this::outermost);
    for (String name : inner) {
      place = columns(place, Objects.requireNonNull(parts.get(name)).first(), rows(name).width());
      made.put(name, place);
    }
    return place;
  }

  private View outermost(String node) {
    String output = direct.get(node);
    return (output != null ? output(output, node) : slot(Slot.Role.SCRATCH, node + ".output", node)).view();
  }

  /** The slot of an output that is what a node or an input gives. */
  Slot output(String name, String from) {
    return slot(Slot.Role.OUTPUT, name, from);
  }

  private Slot slot(Slot.Role role, String name, String node) {
    return slot(role, name, rows(node), rows(node).width());
  }

  /** A slot with a row for each of others. */
  static Slot slot(Slot.Role role, String name, Rows others, int width) {
    return others.perStep() ? Slot.steps(role, name, others.axis(), width) : Slot.batch(role, name, width);
  }

  /** Columns of a view. */
  static View columns(View view, int first, int count) {
    return view.slot().columns(view.column() + first, count);
  }

  /** The outputs that no node writes itself. */
  List<Output> copied() {
    return network.outputs().stream().filter(output -> !output.name().equals(direct.get(output.from()))).toList();
  }
}
