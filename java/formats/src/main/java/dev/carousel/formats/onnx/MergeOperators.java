package dev.carousel.formats.onnx;

import dev.carousel.Directions;
import dev.carousel.Recurrent;
import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.data.NdArray;
import dev.carousel.formats.onnx.Factor.Columns;
import dev.carousel.formats.onnx.Piece.Rest;
import dev.carousel.formats.onnx.Value.Constant;
import dev.carousel.formats.onnx.Value.Rows;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The operators that make one of a layer's two directions: their sum, mean or product. */
final class MergeOperators {
  private MergeOperators() {}

  /** Along the axis of the directions. */
  static Value reduce(Call call) throws FormatException {
    List<Long> axes = call.settings("axes", 1).orElse(List.of());
    if (!(call.input(0) instanceof Rows rows) || axes.size() != 1) {
      throw call.foreign();
    }
    int axis = call.axis(axes.getFirst(), rows.axes().rank());
    if (!rows.axes().get(axis).equals(List.of(new Columns(2, rows.pieces().getFirst().width())))) {
      throw call.refused("reduces axis %d, which does not count the two directions of a layer; these are all that"
          + " Carousel merges, so take it out and compute it outside", axis);
    }
    Directions how = switch (call.node().operator()) {
      case "ReduceSum" -> Directions.SUM;
      case "ReduceMean" -> Directions.AVERAGE;
      default -> Directions.MULTIPLY;
    };
    List<Piece> merged = merged(call, rows.pieces(), how);
    Axes left = rows.axes().with(axis, List.of());
    return new Rows(merged, call.integer("keepdims", 1) == 0 ? left.without(axis) : left);
  }

  /** Of two values, one of which is a direction and the other the other. */
  static Value merge(Call call, Rows left, Rows right) throws FormatException {
    boolean sum = call.node().operator().equals("Add");
    if (!sum && !call.node().operator().equals("Mul")) {
      throw call.foreign();
    }
    boolean directions = left.pieces().size() == 1 && right.pieces().size() == 1 && left.axes().equals(right.axes())
        && left.pieces().getFirst().layer() == right.pieces().getFirst().layer()
        && left.pieces().getFirst().part() != right.pieces().getFirst().part();
    if (!directions) {
      throw call.refused("computes with two values that layers give; Carousel's layers stand one behind the other,"
          + " without branches or shortcuts, and only the two directions of one can be merged");
    }
    List<Piece> both = new ArrayList<>(left.pieces());
    both.add(left.pieces().getFirst().part() == 0 ? both.size() : 0, right.pieces().getFirst());
    return new Rows(merged(call, both, sum ? Directions.SUM : Directions.MULTIPLY), left.axes());
  }

  /** Zeros merge to zeros, and what else stands where a sequence has no steps to nothing that is known. */
  private static List<Piece> merged(Call call, List<Piece> pieces, Directions how) throws FormatException {
    boolean zeros = pieces.stream().allMatch(piece -> piece.rest() == Rest.ZEROS);
    return call.reading().chain().merge(pieces, how, call.label()).stream()
        .map(piece -> piece.rest(zeros ? Rest.ZEROS : Rest.OTHER)).toList();
  }

  /** The half of the sum of two directions is their mean. */
  static Value halve(Call call) throws FormatException {
    boolean divides = call.node().operator().equals("Div");
    Chain chain = call.reading().chain();
    boolean constantFirst = call.input(0) instanceof Constant && !divides;
    if (!(call.input(constantFirst ? 1 : 0) instanceof Rows rows)
        || !(call.input(constantFirst ? 0 : 1) instanceof Constant constant)
        || !one(constant.array(), divides ? 2 : 0.5f)
        || constant.array().rank() > rows.axes().rank() || chain.layers().isEmpty()
        || !(chain.layers().getLast() instanceof Recurrent layer) || layer.directions() != Directions.SUM) {
      throw call.foreign();
    }
    List<Piece> pieces = chain.change(rows.pieces().getFirst().at(), Chain.with(layer, Directions.AVERAGE), Map
        .of(), call.label());
    Piece.Source source = rows.pieces().getFirst().source();
    return new Rows(pieces.stream().map(piece -> piece.source(source)).toList(), rows.axes()).rest(rows.rest());
  }

  private static boolean one(NdArray array, float value) {
    return array.count() == 1 && array.getFloat(0) == value;
  }
}
