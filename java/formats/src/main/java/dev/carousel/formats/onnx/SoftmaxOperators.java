package dev.carousel.formats.onnx;

import dev.carousel.Dense;
import dev.carousel.Softmax;
import dev.carousel.SoftmaxSteps;
import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.onnx.Nodes.Form;
import dev.carousel.formats.onnx.Piece.Rest;
import dev.carousel.formats.onnx.Value.Laid;
import dev.carousel.formats.onnx.Value.Rows;
import java.util.List;

/** The softmax of rows, or of each column over the steps. */
final class SoftmaxOperators {
  private SoftmaxOperators() {}

  /** Before opset 13 the axis and all behind it are one. */
  static Value softmax(Call call) throws FormatException {
    if (!(call.input(0) instanceof Laid laid)) {
      throw call.foreign();
    }
    boolean log = call.node().operator().equals("LogSoftmax");
    Rows rows = new RowReader(call).rows(laid);
    boolean joined = call.reading().opset() < 13;
    int rank = rows.axes().rank();
    int axis = call.axis(call.integer("axis", joined ? 1 : -1), rank);
    Axes axes = rows.axes();
    for (int last = rank - 1; joined && last > axis && axes.get(last).isEmpty(); last--) {
      axes = axes.without(last);
    }
    while (joined && axis < axes.rank() - 1 && axes.get(axis).isEmpty()) {
      axes = axes.without(axis);
    }
    boolean one = !joined || axis == axes.rank() - 1;
    if (one && new Steps(call).counts(axes, axis)) {
      return steps(call, rows, log);
    }
    if (!one || !axes.rowsAlong(axis, rows.width())) {
      throw call.refused("is taken along axis %d, which is neither all columns of the rows nor their steps", axis);
    }
    return columns(call, rows, log);
  }

  private static Rows columns(Call call, Rows rows, boolean log) throws FormatException {
    Nodes nodes = call.reading().nodes();
    int read = call.node(rows);
    Softmax own = new Softmax(rows.width(), log);
    int node = !log && nodes.layer(read) instanceof Dense dense && !dense.probabilities()
        ? nodes.fuse(call.place(), read, dense.softmax(), nodes.entry(read).tensors(), new Form(own, List.of(read)))
        : nodes.derive(call.place(), own, read);
    return new Functions(call).with(rows, node);
  }

  private static Rows steps(Call call, Rows rows, boolean log) throws FormatException {
    int read = new Steps(call).valid(rows, "the softmax");
    if (log) {
      throw call.refused("takes the logarithm of a softmax over the steps; take it behind the softmax, by Log");
    }
    int node = call.reading().nodes().derive(call.place(), SoftmaxSteps.of(rows.width()), read);
    return new Rows(List.of(call.reading().nodes().all(node, Rest.OTHER)), rows.axes());
  }
}
