package dev.carousel.formats.onnx;

import dev.carousel.Conv;
import dev.carousel.Flatten;
import dev.carousel.Network.Node;
import dev.carousel.Pool;
import dev.carousel.Repeat;
import dev.carousel.SoftmaxSteps;
import dev.carousel.WeightedSum;
import dev.carousel.Weights;
import dev.carousel.WindowPool;
import dev.carousel.formats.data.FormatException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The nodes that look across steps. What stands behind a sequence's end is put out of the way first. */
final class WrittenSteps {
  private final WrittenGraph graph;
  private final @Nullable WrittenLengths lengths;
  private final WrittenWindows windows;
  private final String source; // a value with the steps of the run, or nothing

  WrittenSteps(WrittenGraph graph, Weights weights, @Nullable WrittenLengths lengths, WrittenStates states,
      String source) {
    this.graph = graph;
    this.lengths = lengths;
    this.source = source;
    windows = new WrittenWindows(graph, weights, lengths, states, this);
  }

  String conv(String name, Conv conv, Written in) throws FormatException {
    return windows.conv(name, conv, in);
  }

  /** The value of a node that is of no other kind; of those that read two, {@code other} is the second. */
  String write(Node node, Written in, Written other) throws FormatException {
    String name = node.name();
    return switch (node.layer()) {
      case Pool pool -> pool(name, pool, in);
      case WindowPool pool -> windows.pool(name, pool, in);
      case SoftmaxSteps _ -> graph.node("Softmax", name + ".softmax",
          List.of(filled(name, in, Float.NEGATIVE_INFINITY)), WrittenAttribute.of("axis", 0));
      case WeightedSum sum -> weightedSum(name, sum, in, other);
      case Repeat repeat -> repeat(node, repeat, in);
      case Flatten flatten -> flatten(name, flatten, in);
      default -> throw FormatException.of("Node %s has no form in ONNX.", node);
    };
  }

  /** All steps side by side, behind them zeros for those that there are too few of. */
  private String flatten(String name, Flatten flatten, Written in) {
    String rows = zeroed(name, in);
    String steps = graph.node("Gather", name + ".steps",
        List.of(graph.node("Shape", name + ".rows_shape", List.of(rows)), graph.integers(name + ".first", 0)));
    String missing = graph.node("Sub", name + ".missing",
        List.of(graph.integers(name + ".all", flatten.steps()), steps));
    String pads = graph.node("Concat", name + ".pads",
        List.of(graph.integers(name + ".before", 0, 0, 0), missing, graph.integers(name + ".beside", 0, 0)),
        WrittenAttribute.of("axis", 0));
    String padded = graph.node("Pad", name + ".padded", List.of(rows, pads));
    return graph.node("Reshape", name + ".row", List.of(graph.node("Transpose", name + ".turned", List.of(padded),
        WrittenAttribute.integers("perm", 1, 0, 2)), graph.integers(name + ".shape", 0, flatten.outputs())));
  }

  /** With zeros where a sequence has no steps. */
  String zeroed(String name, Written in) {
    if (lengths == null || in.zeroed()) {
      return in.value();
    }
    return in.rows().perStep() ? filled(name, in, 0)
        : lengths.along(in.rows().axis()).zeroedSequences(name, in.value());
  }

  /** With a number behind each sequence's end. */
  String filled(String name, Written in, float number) {
    return lengths == null ? in.value() : lengths.along(in.rows().axis()).filled(name, in.value(), number);
  }

  /** The row of each sequence's last step. */
  String last(String name, Written in) {
    return lengths == null
        ? graph.node("Gather", name + ".rows", List.of(in.value(), graph.integer(name + ".last", -1)),
            WrittenAttribute.of("axis", 0))
        : lengths.along(in.rows().axis()).last(name + ".rows", zeroed(name, in));
  }

  private String pool(String name, Pool pool, Written in) {
    return switch (pool.rule()) {
      case MAX -> graph.node("ReduceMax", name + ".largest", List.of(filled(name, in, Float.NEGATIVE_INFINITY)),
          WrittenAttribute.integers("axes", 0), WrittenAttribute.of("keepdims", 0));
      case SUM -> sum(name, in);
      case MEAN -> lengths == null
          ? graph.node("ReduceMean", name + ".mean", List.of(in.value()), WrittenAttribute.integers("axes", 0),
              WrittenAttribute.of("keepdims", 0))
          : graph.node("Div", name + ".mean", List.of(sum(name, in), lengths.along(in.rows().axis()).divisors(name)));
    };
  }

  private String sum(String name, Written in) {
    return graph.node("ReduceSum", name + ".total", List.of(zeroed(name, in), graph.integers(name + ".axis", 0)),
        WrittenAttribute.of("keepdims", 0));
  }

  private String weightedSum(String name, WeightedSum sum, Written in, Written weights) {
    String rows = graph.node("Transpose", name + ".rows_turned", List.of(zeroed(name + ".rows", in)),
        WrittenAttribute.integers("perm", 1, 0, 2));
    String heads = graph.node("Transpose", name + ".weights_turned", List.of(zeroed(name + ".weights", weights)),
        WrittenAttribute.integers("perm", 1, 2, 0));
    String sums = graph.node("MatMul", name + ".sums", List.of(heads, rows));
    return graph.node("Reshape", name + ".row", List.of(sums, graph.integers(name + ".shape", 0, sum.outputs())));
  }

  private String repeat(Node node, Repeat repeat, Written in) throws FormatException {
    String name = node.name();
    if (repeat.steps() > 0) {
      return graph.node("Expand", name + ".rows", List.of(in.value(), graph.integers(name + ".shape", repeat.steps(), 1,
          1)));
    }
    FormatException.check(!source.isEmpty(), "Node %s repeats a row at each step of the run, and the model has no input"
        + " that says how many those are.", node);
    return repeated(name + ".rows", in.value(), source);
  }

  /** A row a sequence at as many steps as other rows have. */
  String repeated(String name, String row, String other) {
    String shape = graph.node("Shape", name + ".shape", List.of(other));
    String steps = graph.node("Gather", name + ".steps", List.of(shape, graph.integers(name + ".first", 0)));
    String all = graph.node("Concat", name + ".all", List.of(steps, graph.integers(name + ".ones", 1, 1)),
        WrittenAttribute.of("axis", 0));
    return graph.node("Expand", name, List.of(row, all));
  }
}
