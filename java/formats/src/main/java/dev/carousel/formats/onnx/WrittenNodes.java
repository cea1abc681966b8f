package dev.carousel.formats.onnx;

import dev.carousel.Columns;
import dev.carousel.Concat;
import dev.carousel.Conv;
import dev.carousel.Dense;
import dev.carousel.Directions;
import dev.carousel.Elementwise;
import dev.carousel.Embedding;
import dev.carousel.FinalState;
import dev.carousel.LastStep;
import dev.carousel.LayerNorm;
import dev.carousel.Merge;
import dev.carousel.Network;
import dev.carousel.Network.Node;
import dev.carousel.Network.Rows;
import dev.carousel.Noise;
import dev.carousel.Recurrent;
import dev.carousel.Scale;
import dev.carousel.Softmax;
import dev.carousel.Tensor;
import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.data.Matrices;
import dev.carousel.formats.model.Padding;
import dev.carousel.formats.model.SavedModel;
import dev.carousel.spi.form.Activation;
import dev.carousel.spi.form.Mapping.Combine.Rule;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The nodes of a network, one after the other, each reading what those before it give. */
final class WrittenNodes {
  private final SavedModel model;
  private final WrittenGraph graph;
  private final @Nullable WrittenLengths lengths;
  private final WrittenStates states;
  private final WrittenSteps steps;
  private final Map<String, Written> written = new HashMap<>();
  private final Map<String, WrittenRecurrent> recurrent = new HashMap<>();
  private final Map<String, WrittenRecurrent.Results> results = new HashMap<>();
  private final Set<String> heads; // dense nodes with nothing but such between them and the outputs

  /**
   * Nothing written yet.
   *
   * @param inputs the values of the network's inputs
   */
  WrittenNodes(SavedModel model, WrittenGraph graph, @Nullable WrittenLengths lengths, WrittenStates states,
      Map<String, String> inputs) {
    this.model = model;
    this.graph = graph;
    this.lengths = lengths;
    this.states = states;
    inputs.forEach((name, value) -> written.put(name, new Written(value, model.network().rows(name), false)));
    String source = inputs.entrySet().stream().filter(input -> model.network().rows(input.getKey()).perStep())
        .map(Map.Entry::getValue).findFirst().orElse("");
    steps = new WrittenSteps(graph, model.weights(), lengths, states, source);
    heads = heads(model.network());
  }

  private static Set<String> heads(Network network) {
    Set<String> heads = new HashSet<>();
    Set<String> others = new HashSet<>(); // what anything else reads
    for (Node node : network.nodes().reversed()) {
      if (node.layer() instanceof Dense && !others.contains(node.name())) {
        heads.add(node.name());
      } else {
        others.addAll(node.reads());
      }
    }
    return heads;
  }

  /** The value of an output of the network. */
  String write(String output) throws FormatException {
    Map<String, Rows> values = model.network().values();
    for (Node node : model.network().nodes()) {
      if (!written.containsKey(node.name())) {
        Rows rows = Objects.requireNonNull(values.get(node.name()));
        boolean like = node.layer() instanceof Noise || node.layer() instanceof Columns;
        boolean zeroed = node.layer() instanceof Recurrent || node.layer() instanceof FinalState || endsAsState(node)
            || (like && read(node, 0).zeroed());
        written.put(node.name(), new Written(value(node, rows), rows, zeroed));
      }
    }
    String from = model.network().outputs().stream().filter(one -> one.name().equals(output)).findFirst().orElseThrow()
        .from();
    Written value = written(from);
    return heads.contains(from) && model.signature().padding() != Padding.ZERO ? value.value()
        : steps.zeroed(output, value);
  }

  private Written written(String name) {
    return Objects.requireNonNull(written.get(name));
  }

  private Written read(Node node, int index) {
    return written(node.reads().get(index));
  }

  private String value(Node node, Rows rows) throws FormatException {
    String name = node.name();
    Written in = read(node, 0);
    return switch (node.layer()) {
      case Embedding _ -> graph.node("Gather", name + ".rows",
          List.of(graph.weights(name + ".table", tensor(name + ".table")), in.value()));
      case Dense dense -> dense(node, dense, in);
      case Recurrent layer -> recurrent(node, layer);
      case Conv conv -> steps.conv(name, conv, in);
      case Elementwise layer -> activated(name, in.value(), layer.activation());
      case Softmax softmax -> graph.node(softmax.log() ? "LogSoftmax" : "Softmax", name + ".softmax",
          List.of(in.value()), WrittenAttribute.of("axis", -1));
      case Scale scale -> scaled(name, in.value(), scale.scales(), scale.shifts());
      case LayerNorm norm -> scaled(name, normalised(name, in.value(), norm), norm.scales(), norm.shifts());
      case Merge merge -> merge(node, merge, rows);
      case Concat _ -> concat(node, rows);
      case Columns columns -> columns(name, columns, in);
      case LastStep _ -> lastStep(node, in);
      case FinalState state -> finalState(node.reads().getFirst(), state);
      case Noise _ -> in.value();
      default -> steps.write(node, in, node.reads().size() > 1 ? read(node, 1) : in);
    };
  }

  private Tensor tensor(String name) {
    return model.weights().tensor(name);
  }

  private String row(String name) {
    Tensor row = tensor(name);
    return graph.weights(name, List.of((long) row.columns()), List.of(row.data()));
  }

  private String activated(String name, String value, Activation activation) {
    return WrittenActivation.node(graph, name, value, activation);
  }

  private String dense(Node node, Dense dense, Written in) {
    String name = node.name();
    boolean zero = model.signature().padding() != Padding.ZERO && heads.contains(name)
        && !heads.contains(node.reads().getFirst());
    String rows = zero ? steps.zeroed(name, in) : in.value();
    Tensor weight = tensor(name + ".weight");
    String value;
    if (in.rows().perStep()) {
      String turned = graph.weights(name + ".weight", Matrices.transposed(weight));
      value = graph.node("MatMul", name + ".product", List.of(rows, turned));
      value = dense.bias() ? graph.node("Add", name + ".sum", List.of(value, row(name + ".bias"))) : value;
    } else {
      List<String> inputs = new ArrayList<>(List.of(rows, graph.weights(name + ".weight", weight)));
      if (dense.bias()) {
        inputs.add(row(name + ".bias"));
      }
      value = graph.node("Gemm", name + ".sum", inputs, WrittenAttribute.of("transB", 1));
    }
    value = activated(name, value, dense.activation());
    return dense.probabilities()
        ? graph.node("Softmax", name + ".softmax", List.of(value), WrittenAttribute.of("axis", -1))
        : value;
  }

  private String scaled(String name, String value, boolean scales, boolean shifts) {
    String scaled = scales ? graph.node("Mul", name + ".scaled", List.of(value, row(name + ".scale"))) : value;
    return shifts ? graph.node("Add", name + ".shifted", List.of(scaled, row(name + ".shift"))) : scaled;
  }

  private String normalised(String name, String value, LayerNorm norm) {
    String mean = mean(name + ".mean", value);
    String centred = graph.node("Sub", name + ".centred", List.of(value, mean));
    String variance = mean(name + ".variance", graph.node("Mul", name + ".squares", List.of(centred, centred)));
    String more = graph.node("Add", name + ".more", List.of(variance, graph.number(name + ".epsilon", norm.epsilon())));
    return graph.node("Div", name + ".normalised", List.of(centred, graph.node("Sqrt", name + ".root", List.of(more))));
  }

  private String mean(String name, String value) {
    return graph.node("ReduceMean", name, List.of(value), WrittenAttribute.integers("axes", -1));
  }

  /** What a node reads, at all steps of what it gives. */
  private String repeated(Node node, int index, Rows rows) throws FormatException {
    Written in = read(node, index);
    Written other = node.reads().stream().map(this::written).filter(read -> read.rows().perStep()).findFirst()
        .orElse(in);
    return in.rows().perStep() == rows.perStep() ? in.value()
        : steps.repeated(node.name() + ".repeated" + index, in.value(), other.value());
  }

  private String merge(Node node, Merge merge, Rows rows) throws FormatException {
    String name = node.name();
    String operator = switch (merge.rule()) {
      case SUM, AVERAGE -> "Add";
      case MULTIPLY -> "Mul";
      case SUBTRACT -> "Sub";
      case DIVIDE -> "Div";
      case MAXIMUM -> "Max";
      case MINIMUM -> "Min";
    };
    String value = repeated(node, 0, rows);
    for (int i = 1; i < node.reads().size(); i++) {
      value = graph.node(operator, name + ".merged", List.of(value, repeated(node, i, rows)));
    }
    return merge.rule() != Rule.AVERAGE ? value
        : graph.node("Div", name + ".mean", List.of(value, graph.number(name + ".count", node.reads().size())));
  }

  private String concat(Node node, Rows rows) throws FormatException {
    List<String> values = new ArrayList<>();
    for (int i = 0; i < node.reads().size(); i++) {
      values.add(repeated(node, i, rows));
    }
    return graph.node("Concat", node.name() + ".rows", values, WrittenAttribute.of("axis", -1));
  }

  private String columns(String name, Columns columns, Written in) {
    if (in.rows().indices() && columns.outputs() == 1) {
      return in.rows().width() == 1 ? in.value()
          : graph.node("Gather", name + ".column", List.of(in.value(), graph.integer(name + ".first", columns.first())),
              WrittenAttribute.of("axis", -1));
    }
    return graph.node("Slice", name + ".columns", List.of(in.value(), graph.integers(name + ".first", columns.first()),
        graph.integers(name + ".end", columns.first() + columns.outputs()), graph.integers(name + ".axis", -1)));
  }

  private String recurrent(Node node, Recurrent layer) throws FormatException {
    Written in = read(node, 0);
    WrittenRecurrent nodes = new WrittenRecurrent(graph, model.weights(),
        lengths == null ? null : lengths.along(in.rows().axis()), states, model.signature().padding(), node.name(),
        layer);
    List<String> given = node.reads().stream().skip(1).map(read -> written(read).value()).toList();
    WrittenRecurrent.Results made = nodes.write(in.value(), given);
    recurrent.put(node.name(), nodes);
    results.put(node.name(), made);
    return nodes.joinedRows(made.rows());
  }

  private String finalState(String of, FinalState state) {
    WrittenRecurrent nodes = Objects.requireNonNull(recurrent.get(of));
    WrittenRecurrent.Results made = Objects.requireNonNull(results.get(of));
    return state.cell() ? nodes.beside(of + ".cell_state", made.cells(), state.inputs())
        : nodes.joinedState(made.states());
  }

  /** Whether a last step is the final state of the layer that it reads, by the lengths. */
  private boolean endsAsState(Node node) {
    return node.layer() instanceof LastStep && lengths != null && model.network().nodes().stream()
        .anyMatch(other -> other.name().equals(node.reads().getFirst()) && other.layer() instanceof Recurrent cell
            && cell.directions() == Directions.FORWARD);
  }

  private String lastStep(Node node, Written in) {
    return endsAsState(node) ? finalState(node.reads().getFirst(), FinalState.of(in.rows().width()))
        : steps.last(node.name(), in);
  }
}
