package dev.carousel.formats.onnx;

import dev.carousel.Dense;
import dev.carousel.Directions;
import dev.carousel.Merge;
import dev.carousel.Pool;
import dev.carousel.Recurrent;
import dev.carousel.Tensor;
import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.onnx.Factor.Columns;
import dev.carousel.formats.onnx.Factor.Dim;
import dev.carousel.formats.onnx.Piece.Rest;
import dev.carousel.formats.onnx.Value.Laid;
import dev.carousel.formats.onnx.Value.Rows;
import dev.carousel.spi.form.Activation.Kind;
import dev.carousel.spi.form.Mapping.Combine.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** The operators that make one of all indices along axes: of the steps, of columns, or of a layer's two directions. */
record Reductions(Call call) {
  private static final int MOST = 256; // columns of which the largest is taken, a layer each

  /** What is made of many. */
  private enum How {
    SUM, MEAN, MAX, MIN, PRODUCT
  }

  Value apply() throws FormatException {
    if (!(call.input(0) instanceof Laid laid)) {
      throw call.foreign();
    }
    Optional<List<Long>> named = call.settings("axes", 1);
    if (named.isEmpty() || named.get().isEmpty()) {
      if (call.integer("noop_with_empty_axes", 0) != 0) {
        return laid;
      }
      throw call
          .refused("reduces all axes at once, the sequences among them; what Carousel reduces are steps and columns");
    }
    Rows rows = new RowReader(call).rows(laid);
    Functions functions = new Functions(call);
    rows = switch (call.node().operator()) {
      case "ReduceL1" -> functions.of(rows, Kind.ABS.of());
      case "ReduceL2", "ReduceSumSquare" -> new Pairs(call, Rule.MULTIPLY).of(rows, rows);
      default -> rows;
    };
    TreeSet<Integer> axes = new TreeSet<>();
    for (long axis : named.get()) {
      axes.add(call.axis(axis, rows.axes().rank()));
    }
    for (int axis : axes.descendingSet()) {
      rows = reduced(rows, axis, how());
      if (call.integer("keepdims", 1) == 0) {
        rows = rows.axes(rows.axes().without(axis));
      }
    }
    return call.node().operator().equals("ReduceL2") ? functions.of(rows, Kind.SQRT.of()) : rows;
  }

  private How how() throws FormatException {
    return switch (call.node().operator()) {
      case "ReduceSum", "ReduceL1", "ReduceL2", "ReduceSumSquare" -> How.SUM;
      case "ReduceMean" -> How.MEAN;
      case "ReduceMax" -> How.MAX;
      case "ReduceMin" -> How.MIN;
      case "ReduceProd" -> How.PRODUCT;
      default -> throw call.foreign();
    };
  }

  private Rows reduced(Rows rows, int axis, How how) throws FormatException {
    List<Factor> factors = rows.axes().get(axis);
    if (factors.isEmpty()) {
      return rows;
    }
    if (factors.size() == 1 && factors.getFirst() instanceof Dim) {
      return steps(rows, axis, how);
    }
    if (factors.size() != 1 || !(factors.getFirst() instanceof Columns columns)) {
      throw call.refused("reduces axis %d, in which several are merged; what Carousel reduces are steps and columns",
          axis);
    }
    Optional<Rows> merged = directions(rows, axis, columns, how);
    return merged.isPresent() ? merged.get() : columns(rows, axis, columns, how);
  }

  private Rows steps(Rows rows, int axis, How how) throws FormatException {
    new Steps(call).dim(rows.axes(), axis);
    return pooled(rows, axis, switch (how) {
      case SUM -> Pool.sum(rows.width());
      case MEAN -> Pool.mean(rows.width());
      case MAX -> Pool.max(rows.width());
      case MIN, PRODUCT -> throw call.refused("takes the smallest or the product over the steps; what Carousel takes is"
          + " their sum, their mean or the largest");
    });
  }

  /** One row of all steps. */
  Rows pooled(Rows rows, int axis, Pool pool) throws FormatException {
    int read = new Steps(call).valid(rows, "one row");
    int node = call.reading().nodes().derive(call.place(), pool, read);
    return new Rows(List.of(call.reading().nodes().all(node, Rest.OTHER)), rows.axes().with(axis, List.of()));
  }

  private Optional<Rows> directions(Rows rows, int axis, Columns columns, How how) throws FormatException {
    Directions directions = switch (how) {
      case SUM -> Directions.SUM;
      case MEAN -> Directions.AVERAGE;
      case PRODUCT -> Directions.MULTIPLY;
      case MAX, MIN -> Directions.CONCAT;
    };
    Nodes nodes = call.reading().nodes();
    List<Piece> pieces = rows.pieces();
    Piece first = pieces.getFirst();
    boolean one = nodes.layer(first.node()) instanceof Recurrent layer && layer.directions() == Directions.CONCAT
        && columns.equals(new Columns(2, layer.width())) && rows.width() == 2 * layer.width()
        && directions != Directions.CONCAT && pieces.stream().allMatch(piece -> piece.node() == first.node())
        && first.source() != Piece.Source.CELL;
    int at = 0;
    for (Piece piece : pieces) {
      one &= piece.from() == at && (piece.source() == first.source() || pieces.stream().allMatch(nodes::isFinal));
      at += piece.width();
    }
    return one ? Optional.of(new Rows(List.of(new Pairs(call, Rule.SUM).merged(pieces, directions)),
        rows.axes().with(axis, List.of()))) : Optional.empty();
  }

  private Rows columns(Rows rows, int axis, Columns columns, How how) throws FormatException {
    if (how == How.SUM || how == How.MEAN) {
      return summed(rows, axis, columns, how == How.MEAN ? 1f / columns.count() : 1);
    }
    if (columns.count() > MOST) {
      throw call.refused("takes the largest, the smallest or the product of %d columns; at most %d are read", columns
          .count(), MOST);
    }
    Rule rule = how == How.MAX ? Rule.MAXIMUM : how == How.MIN ? Rule.MINIMUM : Rule.MULTIPLY;
    List<Integer> parts = new ArrayList<>();
    Rows part = rows;
    for (int i = 0; i < columns.count(); i++) {
      part = new Cutting(call).columns(rows, axis, new Cut(i, i + 1, true));
      parts.add(call.node(part));
    }
    int node = call.reading().nodes().derive(call.place(), Merge.of(rule, part.width()), parts);
    return new Rows(List.of(call.reading().nodes().all(node, Rest.OTHER)), part.axes());
  }

  /** A product with a matrix of one number and zeros. */
  private Rows summed(Rows rows, int axis, Columns columns, float factor) throws FormatException {
    int outputs = rows.width() / columns.count();
    call.reading().spend(4L * outputs * rows.width(), call.label());
    float[] weights = new float[Math.multiplyExact(outputs, rows.width())];
    int group = columns.count() * columns.stride();
    for (int column = 0; column < rows.width(); column++) {
      weights[(column / group * columns.stride() + column % columns.stride()) * rows.width() + column] = factor;
    }
    int node = call.reading().nodes().add(call.place(), Dense.of(rows.width(), outputs).withoutBias(),
        List.of(call.node(rows)), Map.of("weight", Tensor.of(outputs, rows.width(), weights)));
    return new Rows(List.of(call.reading().nodes().all(node, Rest.OTHER)),
        Cutting.narrower(rows.axes(), axis, columns, 1));
  }
}
