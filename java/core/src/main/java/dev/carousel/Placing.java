package dev.carousel;

import dev.carousel.Network.Node;
import dev.carousel.Network.Output;
import dev.carousel.Network.Rows;
import dev.carousel.spi.form.Slot;
import dev.carousel.spi.form.View;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Where each node puts its rows: in an output, in the columns of a concatenation that reads them, in the place of a reader
 * that may overwrite them, or in a slot of its own. So nothing is copied that can be written where it is wanted.
 */
final class Placing {
  private final Network network;
  private final Map<String, Rows> rows = new LinkedHashMap<>();
  private final Map<String, String> direct = new HashMap<>(); // a node to the output that it writes itself
  private final Map<String, Part> parts = new HashMap<>();
  private final Map<String, Integer> readers = new HashMap<>();
  private final Map<String, View> made = new HashMap<>();

  /** Columns of what another node gives, from one on. */
  private record Part(String of, int first) {}

  Placing(Network network) {
    this.network = network;
    rows.putAll(new Wiring(network.inputs(), network.nodes(), network.outputs()).rows());
    network.nodes().forEach(node -> node.reads().forEach(read -> readers.merge(read, 1, Integer::sum)));
    for (Output output : network.outputs()) {
      if (computes(output.from())) {
        direct.putIfAbsent(output.from(), output.name());
      }
    }
    for (Node node : network.nodes()) {
      if (node.layer() instanceof Concat concat) {
        int first = 0;
        for (int i = 0; i < node.reads().size(); i++) {
          place(node, node.reads().get(i), first);
          first += concat.widths().get(i);
        }
      } else if (overwrites(node.layer()) && readOnce(node.reads().getFirst())) {
        place(node, node.reads().getFirst(), 0);
      }
    }
  }

  /** Whether one node reads what another gives, and nobody what stands in columns of it. */
  private boolean readOnce(String name) {
    return readers.getOrDefault(name, 0) == 1 && parts.entrySet().stream()
        .allMatch(part -> !part.getValue().of().equals(name) || readOnce(part.getKey()));
  }

  private void place(Node reader, String read, int first) {
    Rows one = rows(read);
    Rows other = rows(reader.name());
    if (computes(read) && !besideItself(read) && !direct.containsKey(read) && one.perStep() == other.perStep()
        && one.axis().equals(other.axis())) {
      parts.putIfAbsent(read, new Part(reader.name(), first));
    }
  }

  /** Whether it is a node that writes rows, rather than passing on what it reads. */
  private boolean computes(String name) {
    return network.nodes().stream().anyMatch(node -> node.name().equals(name) && !passes(node.layer()));
  }

  /** Whether what a layer gives is what it reads, or columns of it. */
  static boolean passes(Layer layer) {
    return layer instanceof Noise || layer instanceof Columns;
  }

  /** Whether a node might come to stand in the slot that it reads, where windows may not: that has the same steps. */
  private boolean besideItself(String name) {
    return network.nodes().stream().anyMatch(node -> node.name().equals(name) && node.layer() instanceof WindowPool
        && rows(name).axis().equals(rows(node.reads().getFirst()).axis()));
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
    View known = made.get(node);
    if (known != null) {
      return known;
    }
    Part part = parts.get(node);
    String output = direct.get(node);
    View place = part != null ? columns(of(part.of()), part.first(), rows(node).width())
        : (output != null ? output(output, node) : slot(Slot.Role.SCRATCH, node + ".output", node)).view();
    made.put(node, place);
    return place;
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
