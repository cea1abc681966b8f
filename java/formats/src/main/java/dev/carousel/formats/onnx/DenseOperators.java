package dev.carousel.formats.onnx;

import dev.carousel.Dense;
import dev.carousel.Tensor;
import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.data.NdArray;
import dev.carousel.formats.onnx.Factor.Columns;
import dev.carousel.formats.onnx.Piece.Rest;
import dev.carousel.formats.onnx.Value.Constant;
import dev.carousel.formats.onnx.Value.Laid;
import dev.carousel.formats.onnx.Value.Product;
import dev.carousel.formats.onnx.Value.Rows;
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
    if (call.input(0) instanceof Constant left && call.input(1) instanceof Laid laid && left.array().rank() == 2) {
      return dense(call, laid, laid.axes().rank() - 2, Weighing.matrix(call, left.array()), null);
    }
    if (!(call.input(0) instanceof Laid laid)) {
      throw call
          .refused("multiplies a constant by what is no rows; Carousel's dense layers multiply rows by a constant");
    }
    if (call.input(1) instanceof Laid other) {
      RowReader reader = new RowReader(call);
      return new Attention(call).product(reader.rows(laid), reader.rows(other));
    }
    NdArray weights = call.constant(1, "right factor");
    if (weights.rank() == 3 && laid instanceof Rows rows) {
      return perDirection(call, rows, weights);
    }
    return dense(call, laid, laid.axes().rank() - 1, Weighing.turned(call, weights), null);
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
    int parts = (int) Math.min(weights.size(0), rows.width());
    int units = rows.width() / Math.max(1, parts);
    List<Factor> directions = parts == 1 ? List.of() : List.of(new Columns(parts, units));
    boolean fits = last >= 2 && rows.axes().get(last - 2).equals(directions)
        && parts * units == rows.width() && rows.axes().with(last - 2, List.of()).rowsAlong(last, units);
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
    int read = call.node(rows);
    Rest rest = behind(call, rows.rest(), read);
    int node = call.reading().nodes().add(call.place(), Dense.of(weight.columns(), weight.rows()).withoutBias(),
        List.of(read), Map.of("weight", weight));
    return parts(List.of(call.reading().nodes().all(node, rest)), rows.axes(), parts, weight.rows() / parts);
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
    return dense(call, rows, 1, Weighing.scaled(matrix, alpha), bias);
  }

  private static Rows dense(Call call, Laid laid, int axis, Tensor weight, @Nullable Tensor bias)
      throws FormatException {
    RowReader reader = new RowReader(call);
    Rows rows = reader.along(laid, axis, weight.columns());
    boolean there = rows.width() == weight.columns() && axis >= 0
        && rows.axes().get(axis).stream().allMatch(Columns.class::isInstance)
        && rows.axes().size(axis).is(rows.width());
    if (!there) {
      throw reader.wrong(rows, axis, weight.columns());
    }
    Tensor ordered = rows.axes().rowsAlong(axis, rows.width()) ? weight
        : Weighing.ordered(call, weight, rows.axes().get(axis));
    int read = call.node(rows);
    Rest rest = behind(call, rows.rest(), read);
    Dense dense = Dense.of(weight.columns(), weight.rows());
    int node = call.reading().nodes().add(call.place(), bias == null ? dense.withoutBias() : dense, List.of(read),
        bias == null ? Map.of("weight", ordered) : Map.of("weight", ordered, "bias", bias));
    return new Rows(List.of(call.reading().nodes().all(node, rest)),
        rows.axes().with(axis, List.of(new Columns(weight.rows(), 1))));
  }

  /** What a dense layer makes of what stands where a sequence has no steps: of zeros, if it is behind no other. */
  private static Rest behind(Call call, Rest before, int read) {
    boolean alone = !(call.reading().nodes().layer(read) instanceof Dense);
    return before == Rest.DENSE || (before == Rest.ZEROS && alone) ? Rest.DENSE : Rest.OTHER;
  }
}
