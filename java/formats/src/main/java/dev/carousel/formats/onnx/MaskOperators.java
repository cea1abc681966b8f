package dev.carousel.formats.onnx;

import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.model.Axis;
import dev.carousel.formats.onnx.Factor.Columns;
import dev.carousel.formats.onnx.Factor.Dim;
import dev.carousel.formats.onnx.Factor.Reversed;
import dev.carousel.formats.onnx.Factor.Turned;
import dev.carousel.formats.onnx.Nodes.State;
import dev.carousel.formats.onnx.Piece.Rest;
import dev.carousel.formats.onnx.Value.Counted;
import dev.carousel.formats.onnx.Value.Filled;
import dev.carousel.formats.onnx.Value.Given;
import dev.carousel.formats.onnx.Value.Integers;
import dev.carousel.formats.onnx.Value.Mask;
import dev.carousel.formats.onnx.Value.Mask.Test;
import dev.carousel.formats.onnx.Value.Rows;
import dev.carousel.formats.onnx.Value.Stacked;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The operators by which graphs tell the valid steps of sequences from the others, and put something in their place. */
final class MaskOperators {
  private MaskOperators() {}

  /** The steps in their order, from 0 on. */
  static Value range(Call call) throws FormatException {
    List<Size> limit = call.integers(1, "limit");
    boolean fits = call.numbers(0, "start").equals(List.of(0L)) && call.numbers(2, "delta").equals(List.of(1L))
        && limit.size() == 1;
    Size size = fits ? limit.getFirst() : Size.UNKNOWN;
    boolean dim = size.times() == 1 && size.dims().size() == 1;
    if (!dim && !size.is(1)) {
      throw call.refused("counts what is not the steps; Carousel reads numbers from 0 to a dimension of an input, one"
          + " after the other");
    }
    return new Counted(Axes.of(dim ? List.of(size.dims().getFirst()) : List.of()));
  }

  /** Steps with the lengths of sequences, or lengths with 0: which steps are valid, and which sequences have any. */
  static Value compare(Call call) throws FormatException {
    String operator = call.node().operator();
    Value left = call.input(0);
    Value right = call.input(1);
    boolean turned = right instanceof Given;
    Given lengths = turned ? (Given) right : left instanceof Given given ? given : null;
    Value other = turned ? left : right;
    if (lengths == null || !lengths.picked().isEmpty()) {
      throw call.foreign();
    }
    String sign = turned ? mirrored(operator) : operator; // of the lengths and the other
    if (other instanceof Counted steps) {
      Test test = switch (sign) {
        case "Greater" -> Test.VALID;
        case "LessOrEqual" -> Test.BEHIND;
        default -> throw call.refused("compares steps with lengths otherwise than by whether they are valid");
      };
      return new Mask(lengths.input(), test, joined(call, lengths.axes(), steps.axes()));
    }
    Optional<Filled> number = FillOperators.filled(call, other);
    boolean none = number.isPresent() && number.get().element().is(0);
    boolean one = number.isPresent() && number.get().element().is(1);
    boolean empty = none ? sign.equals("Equal") || sign.equals("LessOrEqual") : one && sign.equals("Less");
    boolean some = none ? sign.equals("Greater") : one && sign.equals("GreaterOrEqual");
    if (!empty && !some) {
      throw call.refused("compares an input with what is neither the steps nor 0");
    }
    return new Mask(lengths.input(), empty ? Test.EMPTY : Test.SOME, lengths.axes());
  }

  private static String mirrored(String operator) {
    return switch (operator) {
      case "Less" -> "Greater";
      case "Greater" -> "Less";
      case "LessOrEqual" -> "GreaterOrEqual";
      case "GreaterOrEqual" -> "LessOrEqual";
      default -> operator;
    };
  }

  /** The axes of two values element by element: the last of both are the same, and one of size 1 is as the other. */
  private static Axes joined(Call call, Axes left, Axes right) throws FormatException {
    int rank = Math.max(left.rank(), right.rank());
    List<List<Factor>> axes = new ArrayList<>();
    for (int i = 0; i < rank; i++) {
      List<Factor> first = fromBehind(left, rank - i);
      List<Factor> second = fromBehind(right, rank - i);
      if (!first.isEmpty() && !second.isEmpty()) {
        throw call.refused("compares two values along one axis; steps and lengths are along two");
      }
      axes.add(first.isEmpty() ? second : first);
    }
    return new Axes(axes);
  }

  private static List<Factor> fromBehind(Axes axes, int place) {
    return place > axes.rank() ? List.of() : axes.get(axes.rank() - place);
  }

  static Value not(Call call) throws FormatException {
    if (call.input(0) instanceof Mask mask) {
      return new Mask(mask.lengths(), mask.test().not(), mask.axes());
    }
    Integers truths = Call.integers(call.input(0)).orElseThrow(call::foreign);
    return new Integers(truths.elements().stream().map(size -> size.is(0) ? Size.ONE
        : size.is(1) ? Size.of(0)
            : Size.UNKNOWN)
        .toList(), truths.scalar());
  }

  /** What stands in the place of what was not computed: zeros, or of a state the one that was given. */
  static Value where(Call call) throws FormatException {
    Mask mask = (Mask) call.input(0);
    boolean first = mask.test() == Test.VALID || mask.test() == Test.SOME;
    if (!(call.input(first ? 1 : 2) instanceof Rows rows)) {
      throw call.refused("chooses by the lengths of sequences, and not what layers give where there are steps");
    }
    aligned(call, mask, rows.axes());
    Value other = call.input(first ? 2 : 1);
    if (states(call, rows, other)) {
      return rows.rest(Rest.INITIAL);
    }
    Optional<Filled> filled = FillOperators.filled(call, other);
    if (filled.isEmpty() || !filled.get().element().is(0)) {
      throw call.refused("puts something behind the ends of sequences that is neither 0 nor, for a final state, the"
          + " initial one");
    }
    return rows.rest(Rest.ZEROS);
  }

  /** Whether a value is the initial states of which rows are the final ones. */
  private static boolean states(Call call, Rows rows, Value value) throws FormatException {
    boolean batchFirst = rows.axes().rank() == 3 && rows.axes().get(0).stream().anyMatch(Dim.class::isInstance);
    List<Integer> order = batchFirst ? List.of(1, 0, 2) : List.of(0, 1, 2);
    List<Given> given = switch (value) {
      case Given one when one.axes().rank() == 3 -> List.of(one.axes(one.axes().permuted(order)));
      case Stacked stacked when !batchFirst -> stacked.parts();
      default -> List.of();
    };
    boolean states = rows.axes().rank() == 3 && !given.isEmpty()
        && rows.pieces().stream().allMatch(piece -> piece.source().state());
    if (!states) {
      return false;
    }
    Nodes nodes = call.reading().nodes();
    List<State> names = rows.pieces().stream().flatMap(piece -> nodes.states(piece).stream()).toList();
    int width = rows.width() / Math.max(1, names.size());
    Axes axes = rows.axes().permuted(order);
    Axes stacked = Axes.of(List.of(new Columns(names.size(), width)), List.of(), List.of(new Columns(width, 1)));
    return axes.with(1, List.of()).equals(stacked) && call.reading().states().holds(call, given, names, width);
  }

  /** Each axis of rows that counts steps or sequences is one of the mask, too, and counts the same there. */
  private static void aligned(Call call, Mask mask, Axes rows) throws FormatException {
    boolean fits = mask.axes().rank() <= rows.rank()
        && call.reading().lengths().filter(mask.lengths()::equals).isPresent();
    for (int place = 1; fits && place <= rows.rank(); place++) {
      List<Factor> own = fromBehind(mask.axes(), place);
      List<Factor> factors = fromBehind(rows, place);
      fits = own.isEmpty() ? factors.stream().allMatch(Columns.class::isInstance)
          : own.size() == 1 && factors.size() == 1 && own.getFirst() instanceof Dim dim
              && same(call.reading(), mask, dim, factors.getFirst());
    }
    if (!fits) {
      throw call.refused("chooses by lengths that are not those of the rows, or along other axes than theirs");
    }
  }

  private static boolean same(Reading reading, Mask mask, Dim dim, Factor factor) {
    Dim counted = factor instanceof Reversed reversed ? reversed.dim() : factor instanceof Dim other ? other : null;
    return dim.input().equals(mask.lengths()) ? Axis.BATCH.equals(reading.counts(factor))
        : dim.equals(counted) && Axis.STEPS.equals(reading.counts(factor));
  }

  /** The valid steps of each sequence in reverse, of which the first is the last step then. */
  static Value reverseSequence(Call call) throws FormatException {
    if (!(call.input(0) instanceof Rows rows) || !(call.input(1) instanceof Given given)
        || call.reading().lengths().filter(given.input()::equals).isEmpty() || given.axes().rank() != 1) {
      throw call
          .refused("reverses something else than the rows of a layer, or not by the lengths that the layers have");
    }
    int time = call.axis(call.integer("time_axis", 0), rows.axes().rank());
    int batch = call.axis(call.integer("batch_axis", 1), rows.axes().rank());
    List<Factor> steps = rows.axes().get(time);
    List<Factor> sequences = rows.axes().get(batch);
    boolean fits = (steps.isEmpty()
        || (steps.size() == 1 && Axis.STEPS.equals(call.reading().counts(steps.getFirst()))))
        && sequences.equals(List.of()) == given.axes().get(0).isEmpty()
        && (sequences.isEmpty() || (sequences.size() == 1
            && Axis.BATCH.equals(call.reading().counts(sequences.getFirst()))));
    if (!fits) {
      throw call.refused("reverses along axis %d, which does not count the steps, or by axis %d, which does not count"
          + " the sequences", time, batch);
    }
    return rows.axes(rows.axes().with(time, List.of(new Turned(steps))));
  }
}
