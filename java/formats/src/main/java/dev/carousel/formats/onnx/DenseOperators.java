package dev.carousel.formats.onnx;

import dev.carousel.Dense;
import dev.carousel.Layer;
import dev.carousel.Tensor;
import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.data.Matrices;
import dev.carousel.formats.data.NdArray;
import dev.carousel.formats.onnx.Factor.Columns;
import dev.carousel.formats.onnx.Piece.Rest;
import dev.carousel.formats.onnx.Value.Constant;
import dev.carousel.formats.onnx.Value.Laid;
import dev.carousel.formats.onnx.Value.Product;
import dev.carousel.formats.onnx.Value.Rows;
import dev.carousel.spi.form.Activation;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The operators that make dense layers: a product, a bias, an activation, a softmax. */
final class DenseOperators {
  private DenseOperators() {}

  static Value matMul(Call call) throws FormatException {
    if (call.input(0) instanceof Constant left && call.input(1) instanceof Constant right) {
      return product(call, left.array(), right.array());
    }
    if (!(call.input(0) instanceof Laid laid)) {
      throw call.refused("multiplies a constant by rows; Carousel's dense layers multiply rows by a constant");
    }
    NdArray weights = call.constant(1, "right factor");
    if (weights.rank() == 3 && laid instanceof Rows rows) {
      return perDirection(call, rows, weights);
    }
    return dense(call, laid, Weighing.turned(call, weights), null);
  }

  private static Value product(Call call, NdArray left, NdArray right) throws FormatException {
    int rank = left.rank();
    boolean fits = rank >= 2 && right.rank() == rank && left.count() > 0 && right.count() > 0
        && left.size(rank - 1) == right.size(rank - 2)
        && left.shape().subList(0, rank - 2).equals(right.shape().subList(0, rank - 2));
    if (!fits || left.element().integer() || right.element().integer()) {
      throw call.refused("multiplies %s by %s; Carousel multiplies matrices of floats that fit each other", left,
          right);
    }
    return new Product(call, left, right);
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
    Optional<List<Piece>> projected = call.reading().projections().project(call, rows, weights);
    if (projected.isPresent()) {
      return parts(projected.get(), rows.axes(), parts, (int) weights.size(2));
    }
    Tensor weight = Weighing.diagonal(call, weights);
    int at = call.reading().chain().rows(rows.pieces(), call.label());
    boolean alone = !(call.reading().chain().layers().getLast() instanceof Dense);
    List<Piece> pieces = call.reading().chain().add(at, Dense.of(weight.columns(), weight.rows()).withoutBias(),
        Map.of("weight", weight), call.label());
    return parts(pieces, rows.axes(), parts, weight.rows() / parts).rest(behind(rows.rest(), alone));
  }

  /** Rows of so many directions, in the axes of those that were multiplied. */
  private static Rows parts(List<Piece> pieces, Axes axes, int parts, int width) {
    int last = axes.rank() - 1;
    return new Rows(pieces, axes.with(last - 2, List.of(new Columns(parts, width)))
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
    List<Layer> before = call.reading().chain().layers();
    boolean alone = before.isEmpty() || !(before.getLast() instanceof Dense);
    List<Piece> pieces = call.reading().chain().add(read.at(), bias == null ? dense.withoutBias() : dense,
        bias == null ? Map.of("weight", weight) : Map.of("weight", weight, "bias", bias), call.label());
    return new Rows(pieces, read.axes().with(axis, List.of(new Columns(weight.rows(), 1))))
        .rest(behind(read.rest(), alone));
  }

  /**
   * What a dense layer makes of what stands where a sequence has no steps.
   *
   * @param alone whether no other dense layer is just before it
   */
  private static Rest behind(Rest before, boolean alone) {
    return before == Rest.DENSE || (before == Rest.ZEROS && alone) ? Rest.DENSE : Rest.OTHER;
  }

  /** A bias behind a product, whichever of the two stands first. */
  static Value add(Call call) throws FormatException {
    boolean constantFirst = call.input(0) instanceof Constant;
    if (!(call.input(constantFirst ? 1 : 0) instanceof Rows rows)
        || !(call.input(constantFirst ? 0 : 1) instanceof Constant constant)) {
      throw call.refused("adds two values that are computed; Carousel adds only a bias to what a dense layer gives,"
          + " without branches or shortcuts");
    }
    Dense dense = last(call, rows);
    Tensor bias = Weighing.bias(call, constant.array(), rows.axes().rank(), dense.outputs());
    if (!rows.axes().rowsAlong(rows.axes().rank() - 1, dense.outputs()) && constant.array().count() != 1) {
      throw call.refused("adds along an axis that does not count columns");
    }
    Map<String, Tensor> weights = linear(call, dense);
    if (dense.bias()) {
      weights.putIfAbsent("bias", call.reading().chain().tensor("bias"));
    }
    Tensor before = weights.get("bias");
    weights.put("bias", before == null ? bias : Matrices.sum(before, bias));
    return changed(call, rows, new Dense(dense.inputs(), dense.outputs(), Activation.IDENTITY, false, true), weights);
  }

  /**
   * The weights with which a layer computes what it does with its activation, without it; empty where it has none. Only
   * one that multiplies and adds can be done so.
   */
  private static Map<String, Tensor> linear(Call call, Dense dense) throws FormatException {
    Activation activation = dense.activation();
    Map<String, Tensor> weights = new HashMap<>();
    if (activation.equals(Activation.IDENTITY)) {
      return weights;
    }
    if (activation.kind() != Activation.Kind.AFFINE) {
      throw call.refused("stands behind the activation %s; in a network that Carousel runs a dense layer has one, and"
          + " nothing else behind its product and its bias", activation);
    }
    Chain chain = call.reading().chain();
    call.reading().spend(4L * dense.outputs() * (dense.inputs() + 1L), call.label());
    weights.put("weight", Weighing.scaled(chain.tensor("weight"), activation.alpha()));
    float[] offsets = new float[dense.outputs()];
    Arrays.fill(offsets, activation.beta());
    Tensor offset = Tensor.of(1, dense.outputs(), offsets);
    weights.put("bias", dense.bias()
        ? Matrices.sum(Weighing.scaled(chain.tensor("bias"), activation.alpha()), offset)
        : offset);
    return weights;
  }

  /** What the last layer gives, whose rows these are, when it is another. */
  static Rows changed(Call call, Rows rows, Dense other) throws FormatException {
    return changed(call, rows, other, Map.of());
  }

  private static Rows changed(Call call, Rows rows, Dense other, Map<String, Tensor> weights) throws FormatException {
    List<Piece> pieces = call.reading().chain().change(rows.pieces().getFirst().at(), other, weights, call.label());
    return new Rows(pieces, rows.axes()).rest(rows.rest() == Rest.DENSE ? Rest.DENSE : Rest.OTHER);
  }

  /** The last layer, which must be a dense one without a softmax. */
  static Dense last(Call call, Rows rows) throws FormatException {
    List<Layer> layers = call.reading().chain().layers();
    int at = call.reading().chain().rows(rows.pieces(), call.label());
    if (at != call.reading().chain().count() || layers.isEmpty() || !(layers.getLast() instanceof Dense dense)
        || dense.probabilities()) {
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
    Dense dense = last(call, rows);
    Activation before = dense.activation();
    if (activation.kind() == Activation.Kind.TANH && before.kind() == Activation.Kind.AFFINE && before.beta() == 0
        && !before.equals(Activation.IDENTITY)) {
      return changed(call, rows, dense.activation(Activation.Kind.SCALED_TANH.of(1, before.alpha())));
    }
    Map<String, Tensor> weights = linear(call, dense);
    return changed(call, rows, new Dense(dense.inputs(), dense.outputs(), activation, false,
        dense.bias() || weights.containsKey("bias")), weights);
  }

  /** Over all columns; before opset 13 the axis and all behind it are one. */
  static Value softmax(Call call) throws FormatException {
    if (!(call.input(0) instanceof Rows rows)) {
      throw call.refused("is applied to what no layer has computed; in a network that Carousel runs a softmax is a part"
          + " of a dense layer");
    }
    Dense dense = last(call, rows);
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
    return changed(call, rows, dense.softmax());
  }
}
