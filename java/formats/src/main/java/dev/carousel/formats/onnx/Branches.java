package dev.carousel.formats.onnx;

import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.onnx.proto.AttributeProto;
import dev.carousel.formats.onnx.proto.GraphProto;
import dev.carousel.formats.onnx.proto.NodeProto;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The branches of the operator If, which exporters write around what depends on a shape, as the squeeze of an axis that
 * may be of size 1. Where the shape is known, one of the branches is part of the graph and the other is not there.
 */
final class Branches {
  private static final int DEEPEST = 8; // branches in branches; no exporter writes more than 2

  private Branches() {}

  static boolean has(NodeProto node) {
    return node.operator().equals("If") && node.domain().isEmpty();
  }

  /** The names of all values that a node reads, those within its branches included. */
  static List<String> reads(NodeProto node) throws FormatException {
    List<String> names = new ArrayList<>(node.inputs());
    if (has(node)) {
      collect(node, names, 0);
    }
    return names;
  }

  private static void collect(NodeProto node, List<String> names, int depth) throws FormatException {
    FormatException.check(depth < DEEPEST, "%s has branches in branches, more than %d deep.", node.label(), DEEPEST);
    for (AttributeProto attribute : node.attributes()) {
      if (attribute.graph() != null) {
        GraphProto graph = GraphProto.read(attribute.graph());
        graph.outputs().forEach(output -> names.add(output.name()));
        for (NodeProto inner : graph.nodes()) {
          names.addAll(inner.inputs());
          if (has(inner)) {
            collect(inner, names, depth + 1);
          }
        }
      }
    }
  }

  /** The branch that is taken, as far as that is clear before anything runs. */
  static GraphProto taken(Call call) throws FormatException {
    Optional<Size> condition = Call.integers(call.input(0)).filter(integers -> integers.elements().size() == 1)
        .map(integers -> integers.elements().getFirst());
    boolean yes = condition.isPresent() && condition.get().is(1);
    if (!yes && (condition.isEmpty() || !condition.get().is(0))) {
      throw call.refused("takes a branch by what is known only when it runs; export the model with this size fixed");
    }
    String name = yes ? "then_branch" : "else_branch";
    AttributeProto branch = call.node().attribute(name).orElseThrow(() -> call.refused("lacks its %s", name));
    if (branch.graph() == null) {
      throw call.refused("lacks its %s", name);
    }
    GraphProto graph = GraphProto.read(branch.graph());
    if (graph.outputs().size() < call.node().outputs().size()) {
      throw call.refused("has %d outputs, and its %s has %d", call.node().outputs().size(), name,
          graph.outputs().size());
    }
    return graph;
  }
}
