package dev.carousel.formats.onnx;

import dev.carousel.LayerNorm;
import dev.carousel.Scale;
import dev.carousel.Tensor;
import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.data.NdArray;
import dev.carousel.formats.onnx.Piece.Rest;
import dev.carousel.formats.onnx.Value.Given;
import dev.carousel.formats.onnx.Value.Laid;
import dev.carousel.formats.onnx.Value.Rows;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The operators that normalise: each column by numbers that are known, or each row by its own. */
record Normalisations(Call call) {

  /** Each column, which axis 1 counts, times a number plus another. */
  Value batch() throws FormatException {
    if (!(call.input(0) instanceof Laid laid) || laid.axes().rank() < 2) {
      throw call.foreign();
    }
    if (call.integer("training_mode", 0) != 0 || call.integer("is_test", 1) == 0) {
      throw call.refused("normalises by what it reads, as in training; export the model for inference");
    }
    NdArray scales = call.constant(1, "scale");
    int width = (int) Math.min(scales.count(), Integer.MAX_VALUE / 8);
    Rows rows = laid instanceof Given given ? new InputRows(call, given).along(1) : new RowReader(call).rows(laid);
    if (!rows.axes().rowsAlong(1, width) || rows.width() != width) {
      throw call.refused("normalises %d columns along axis 1, which does not count those of the rows", width);
    }
    float[] scale = new float[width];
    float[] shift = new float[width];
    NdArray[] all = {scales, call.constant(2, "B"), call.constant(3, "mean"), call.constant(4, "var")};
    for (NdArray array : all) {
      Weighing.check(call, "numbers", array, width);
    }
    call.reading().spend(16L * width, call.label());
    double epsilon = call.real("epsilon", 1e-5f);
    for (int i = 0; i < width; i++) {
      double factor = all[0].getFloat(i) / Math.sqrt(all[3].getFloat(i) + epsilon);
      scale[i] = (float) factor;
      shift[i] = (float) (all[1].getFloat(i) - all[2].getFloat(i) * factor);
    }
    Nodes nodes = call.reading().nodes();
    int node = nodes.add(call.place(), Scale.of(width), List.of(call.node(rows)),
        Map.of("scale", Tensor.of(1, width, scale), "shift", Tensor.of(1, width, shift)));
    return new Rows(List.of(nodes.all(node, Rest.OTHER)), rows.axes());
  }

  /** The columns of each row, all of which the last axis counts. */
  Value layer() throws FormatException {
    if (!(call.input(0) instanceof Laid laid)) {
      throw call.foreign();
    }
    Rows rows = laid instanceof Given given ? new InputRows(call, given).along(laid.axes().rank() - 1)
        : new RowReader(call).rows(laid);
    int rank = rows.axes().rank();
    int axis = call.axis(call.integer("axis", -1), rank);
    boolean all = axis == rank - 1 && rows.axes().rowsAlong(axis, rows.width());
    if (!all || call.node().outputs().stream().skip(1).anyMatch(output -> !output.isEmpty())) {
      throw call.refused("normalises along axis %d, which does not count all columns of the rows, or has more than one"
          + " output", axis);
    }
    int width = rows.width();
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    tensors.put("scale", Weighing.bias(call, call.constant(1, "scale"), 1, width));
    if (call.optional(2).isPresent()) {
      tensors.put("shift", Weighing.bias(call, call.constant(2, "B"), 1, width));
    }
    LayerNorm layer = LayerNorm.of(width).epsilon(call.real("epsilon", 1e-5f));
    Nodes nodes = call.reading().nodes();
    int node = nodes.add(call.place(), tensors.containsKey("shift") ? layer : layer.withoutShift(),
        List.of(call.node(rows)), tensors);
    return new Rows(List.of(nodes.all(node, Rest.OTHER)), rows.axes());
  }
}
