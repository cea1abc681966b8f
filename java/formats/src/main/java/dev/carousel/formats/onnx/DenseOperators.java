package dev.carousel.formats.onnx;

import dev.carousel.Dense;
import dev.carousel.Layer;
import dev.carousel.Tensor;
import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.data.Matrices;
import dev.carousel.formats.data.NdArray;
import dev.carousel.formats.onnx.Factor.Columns;
import dev.carousel.formats.onnx.Value.Constant;
import dev.carousel.formats.onnx.Value.Laid;
import dev.carousel.formats.onnx.Value.Rows;
import dev.carousel.spi.Activation;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The operators that make dense layers: a product, a bias, an activation, a softmax. */
final class DenseOperators {
  private DenseOperators() {}

  static Value matMul(Call call) throws FormatException {
    if (!(call.input(0) instanceof Laid laid)) {
      throw call.refused("multiplies a constant by rows; Carousel's dense layers multiply rows by a constant");
    }
    NdArray weights = call.constant(1, "right factor");
    if (weights.rank() == 3 && laid instanceof Rows rows) {
      return perDirection(call, rows, weights);
    }
    return dense(call, laid, Weighing.turned(call, weights), null);
  }

  /** Each direction's rows by a matrix of its own, as for a projection: one dense layer that is 0 across directions. */
  private static Rows perDirection(Call call, Rows rows, NdArray weights) throws FormatException {
    int last = rows.axes().rank() - 1;
    int parts = rows.pieces().size();
    int units = rows.pieces().getFirst().width();
    List<Factor> directions = parts == 1 ? List.of() : List.of(new Columns(parts, units));
    boolean fits = last >= 2 && rows.axes().get(last - 2).equals(directions)
        && rows.axes().with(last - 2, List.of()).rowsAlong(last, units);
    if (!fits || weights.size(0) != parts || weights.size(1) != units || weights.element().integer()
        || weights.size(2) < 1 || weights.size(2) > Integer.MAX_VALUE / parts) {
      throw call.refused("multiplies by %s; Carousel's dense layers multiply by a matrix, or by one for each direction"
          + " that a layer gives, along axis %d", weights, last - 2);
    }
    Tensor weight = Weighing.diagonal(call, weights);
    int at = call.reading().chain().rows(rows.pieces(), call.label());
    List<Piece> pieces = call.reading().chain().add(at, Dense.of(weight.columns(), weight.rows()).withoutBias(),
        Map.of("weight", weight), call.label());
    int width = weight.rows() / parts;
    return new Rows(pieces, rows.axes().with(last - 2, List.of(new Columns(parts, width)))
        .with(last, List.of(new Columns(width, 1))));
  }

  static Value gemm(Call call) throws FormatException {
    if (!(call.input(0) instanceof Laid laid) || laid.axes().rank() != 2) {
      throw call.refused("multiplies what is no matrix of rows");
    }
    Laid rows = call.integer("transA", 0) == 0 ? laid : laid.axes(laid.axes().permuted(List.of(1, 0)));
    NdArray weights = call.constant(1, "right factor");
    Tensor matrix = call.integer("transB", 0) == 0 ? Weighing.turned(call, weights) : Weighing.matrix(call, weights);
    Optional<Value> addend = call.optional(2);
    Tensor bias = addend.isEmpty() ? null
        : Weighing.scaled(Weighing.bias(call, call.constant(2, "bias"), 2, matrix.rows()), call.real("beta", 1));
    float alpha = call.real("alpha", 1);
    if (alpha != 1) {
      call.reading().spend(4L * matrix.rows() * matrix.columns(), call.label());
    }
    return dense(call, rows, Weighing.scaled(matrix, alpha), bias);
  }

  private static Rows dense(Call call, Laid laid, Tensor weight, @Nullable Tensor bias)
      throws FormatException {
    int axis = laid.axes().rank() - 1;
    RowReader.Read read = new RowReader(call).read(laid, axis, weight.columns());
    Dense dense = Dense.of(weight.columns(), weight.rows());
    List<Piece> pieces = call.reading().chain().add(read.at(), bias == null ? dense.withoutBias() : dense,
        bias == null ? Map.of("weight", weight) : Map.of("weight", weight, "bias", bias), call.label());
    return new Rows(pieces, read.axes().with(axis, List.of(new Columns(weight.rows(), 1))));
  }

  /** A bias behind a product, whichever of the two stands first. */
  static Value add(Call call) throws FormatException {
    boolean constantFirst = call.input(0) instanceof Constant;
    if (!(call.input(constantFirst ? 1 : 0) instanceof Rows rows)
        || !(call.input(constantFirst ? 0 : 1) instanceof Constant constant)) {
      throw call.refused("adds two values that are computed; Carousel adds only a bias to what a dense layer gives,"
          + " without branches or shortcuts");
    }
    Dense dense = last(call, rows, true);
    Tensor bias = Weighing.bias(call, constant.array(), rows.axes().rank(), dense.outputs());
    if (!rows.axes().rowsAlong(rows.axes().rank() - 1, dense.outputs()) && constant.array().count() != 1) {
      throw call.refused("adds along an axis that does not count columns");
    }
    Chain chain = call.reading().chain();
    Tensor sum = dense.bias() ? Matrices.sum(chain.tensor("bias"), bias) : bias;
    Dense biased = new Dense(dense.inputs(), dense.outputs(), dense.activation(), dense.probabilities(), true);
    return rows(rows, chain.change(rows.pieces().getFirst().at(), biased, Map.of("bias", sum), call.label()));
  }

  private static Rows rows(Rows before, List<Piece> pieces) {
    return new Rows(pieces, before.axes());
  }

  /** The last layer, which must be a dense one without a softmax; a bare one has no activation either. */
  private static Dense last(Call call, Rows rows, boolean bare) throws FormatException {
    List<Layer> layers = call.reading().chain().layers();
    int at = call.reading().chain().rows(rows.pieces(), call.label());
    if (at != call.reading().chain().count() || layers.isEmpty() || !(layers.getLast() instanceof Dense dense)
        || (bare && !dense.activation().equals(Activation.IDENTITY)) || dense.probabilities()) {
      throw call
          .refused("does not stand just behind a dense layer (Gemm, or MatMul and Add); in a network that Carousel"
              + " runs, biases, activations and softmax are parts of one");
    }
    return dense;
  }

  static Value activation(Call call, Activation activation) throws FormatException {
    if (!(call.input(0) instanceof Rows rows)) {
      throw call.refused("is applied to what no layer has computed; in a network that Carousel runs an activation is a"
          + " part of a dense layer");
    }
    Dense dense = last(call, rows, true);
    return rows(rows, call.reading().chain().change(rows.pieces().getFirst().at(), dense.activation(activation), Map
        .of(), call.label()));
  }

  /** Over all columns; before opset 13 the axis and all behind it are one. */
  static Value softmax(Call call) throws FormatException {
    if (!(call.input(0) instanceof Rows rows)) {
      throw call.refused("is applied to what no layer has computed; in a network that Carousel runs a softmax is a part"
          + " of a dense layer");
    }
    Dense dense = last(call, rows, false);
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
    if (!axes.rowsAlong(axis, dense.outputs()) || (joined && axis != axes.rank() - 1)) {
      throw call.refused("is taken along axis %d, which is not the columns that the layer before gives", axis);
    }
    return rows(rows, call.reading().chain().change(rows.pieces().getFirst().at(), dense.softmax(), Map.of(), call
        .label()));
  }
}
