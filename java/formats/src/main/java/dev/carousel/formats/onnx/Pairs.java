package dev.carousel.formats.onnx;

import dev.carousel.Directions;
import dev.carousel.Merge;
import dev.carousel.Recurrent;
import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.onnx.Factor.Columns;
import dev.carousel.formats.onnx.Nodes.Form;
import dev.carousel.formats.onnx.Piece.Rest;
import dev.carousel.formats.onnx.Piece.Source;
import dev.carousel.formats.onnx.Value.Rows;
import dev.carousel.spi.form.Activation;
import dev.carousel.spi.form.Activation.Kind;
import dev.carousel.spi.form.Mapping.Combine.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Two rows as one, element by element, by a rule. */
record Pairs(Call call, Rule rule) {

  /** Where one has an axis of size 1, its elements count for all that the other has there. */
  Rows of(Rows left, Rows right) throws FormatException {
    if (left.axes().equals(right.axes())) {
      Optional<Directions> how = directions();
      if (how.isPresent() && directions(left, right)) {
        List<Piece> both = new ArrayList<>(left.pieces());
        both.addAll(both.getFirst().from() == 0 ? both.size() : 0, right.pieces());
        return new Rows(List.of(merged(both, how.get())), left.axes());
      }
    }
    Axes axes = joined(left.axes(), right.axes());
    boolean wide = left.width() >= right.width();
    if (left.width() != right.width() && Math.min(left.width(), right.width()) != 1) {
      throw apart();
    }
    if (wide && left.pieces().size() > 1 && widths(left).equals(widths(right))) {
      return new Rows(each(left, right), axes);
    }
    int first = call.node(left);
    int second = call.node(right);
    int node = wide ? merge(rule, left.width(), first, second) : turned(right.width(), first, second);
    boolean zeros = left.rest() == Rest.ZEROS && right.rest() == Rest.ZEROS && rule != Rule.DIVIDE;
    return new Rows(List.of(call.reading().nodes().all(node, zeros ? Rest.ZEROS : Rest.OTHER)), axes);
  }

  private static List<Integer> widths(Rows rows) {
    return rows.pieces().stream().map(Piece::width).toList();
  }

  /** Of rows that stand side by side, each with its like. */
  private List<Piece> each(Rows left, Rows right) throws FormatException {
    List<Piece> pieces = new ArrayList<>();
    Gathered gathered = new Gathered(call.place());
    for (int i = 0; i < left.pieces().size(); i++) {
      Piece first = left.pieces().get(i);
      int node = merge(rule, first.width(), gathered.node(List.of(first)),
          gathered.node(List.of(right.pieces().get(i))));
      pieces.add(call.reading().nodes().all(node, Rest.OTHER));
    }
    return List.copyOf(pieces);
  }

  private int merge(Rule how, int width, int first, int second) throws FormatException {
    return call.reading().nodes().derive(call.place(), Merge.of(how, width), first, second);
  }

  /** One column with a row: the row comes first. */
  private int turned(int width, int column, int row) throws FormatException {
    Functions functions = new Functions(call);
    return switch (rule) {
      case SUBTRACT -> merge(Rule.SUM, width, functions.of(row, Kind.AFFINE.of(-1, 0)), column);
      case DIVIDE -> merge(Rule.MULTIPLY, width, functions.of(row, Activation.Kind.RECIPROCAL.of()), column);
      default -> merge(rule, width, row, column);
    };
  }

  /** The axes of both: each is the same, or none on one side. */
  private Axes joined(Axes left, Axes right) throws FormatException {
    int rank = Math.max(left.rank(), right.rank());
    List<List<Factor>> axes = new ArrayList<>();
    boolean columns = false; // whether some are only there on one side
    boolean both = false; // or on both
    for (int i = 0; i < rank; i++) {
      List<Factor> first = fromBehind(left, rank - i);
      List<Factor> second = fromBehind(right, rank - i);
      if (!first.isEmpty() && !second.isEmpty() && !call.reading().same(first, second)) {
        throw apart();
      }
      columns |= first.isEmpty() != second.isEmpty() && hasColumns(first.isEmpty() ? second : first);
      both |= !first.isEmpty() && !second.isEmpty() && hasColumns(first);
      axes.add(first.isEmpty() ? second : first);
    }
    if (columns && both) {
      throw apart();
    }
    return new Axes(axes);
  }

  private static boolean hasColumns(List<Factor> factors) {
    return factors.stream().anyMatch(Columns.class::isInstance);
  }

  private static List<Factor> fromBehind(Axes axes, int place) {
    return place > axes.rank() ? List.of() : axes.get(axes.rank() - place);
  }

  private FormatException apart() {
    return call
        .refused("computes with two values whose axes do not count the same; what Carousel computes with are rows"
            + " of the same columns, or one of a single column, at the same steps");
  }

  private Optional<Directions> directions() {
    return switch (rule) {
      case SUM -> Optional.of(Directions.SUM);
      case MULTIPLY -> Optional.of(Directions.MULTIPLY);
      default -> Optional.empty();
    };
  }

  /** Whether two rows are the directions of a layer: all that they give, or their last steps or final states. */
  private boolean directions(Rows left, Rows right) {
    if (left.pieces().size() != 1 || right.pieces().size() != 1) {
      return false;
    }
    Piece first = left.pieces().getFirst();
    Piece second = right.pieces().getFirst();
    return first.from() + second.from() == first.width() && both(first, second);
  }

  private boolean both(Piece first, Piece second) {
    Nodes nodes = call.reading().nodes();
    boolean alike = first.source() == second.source() ? first.source() != Source.CELL
        : nodes.isFinal(first) && nodes.isFinal(second);
    return alike && first.node() == second.node() && first.width() == second.width()
        && nodes.layer(first.node()) instanceof Recurrent layer && layer.directions() == Directions.CONCAT
        && first.width() == layer.width();
  }

  /** The two directions of a layer, which are these columns of it in their order, as one. */
  Piece merged(List<Piece> pieces, Directions how) throws FormatException {
    Nodes nodes = call.reading().nodes();
    Piece first = pieces.getFirst();
    Recurrent layer = Nodes.with((Recurrent) Objects.requireNonNull(nodes.layer(first.node())), how);
    int[] parts = new int[2];
    for (int part = 0; part < 2; part++) {
      parts[part] = nodes.derive(call.place(), dev.carousel.Columns.of(2 * layer.width(), part * layer.width(), layer
          .width()), first.node());
    }
    Rule merge = switch (how) {
      case SUM -> Rule.SUM;
      case AVERAGE -> Rule.AVERAGE;
      default -> Rule.MULTIPLY;
    };
    int node = nodes.fuse(call.place(), first.node(), layer, nodes.entry(first.node()).tensors(),
        new Form(Merge.of(merge, layer.width()), List.of(parts[0], parts[1])));
    boolean zeros = pieces.stream().allMatch(piece -> piece.rest() == Rest.ZEROS);
    boolean states = pieces.stream().allMatch(nodes::isFinal) && pieces.stream().anyMatch(
        piece -> piece.source() != pieces.getFirst().source() || piece.source() == Source.HIDDEN);
    Piece merged = nodes.all(node, zeros ? Rest.ZEROS : Rest.OTHER);
    return merged.source(states ? Source.HIDDEN : first.source());
  }
}
