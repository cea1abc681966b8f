package dev.carousel.formats.onnx;

import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.data.NdArray;
import dev.carousel.formats.onnx.Factor.Part;
import dev.carousel.formats.onnx.Piece.Rest;
import dev.carousel.formats.onnx.Piece.Source;
import java.util.ArrayList;
import java.util.List;

/** What is known of a value of the graph before anything has run. */
sealed interface Value {

  /** Numbers that stand in the file, or follow from such. */
  sealed interface Constant extends Value {
    static Constant of(NdArray array) {
      return new Stored(array);
    }

    NdArray array() throws FormatException;
  }

  /** Numbers as they stand. */
  record Stored(NdArray array) implements Constant {}

  /**
   * The product of two constants, each a matrix or equally many of them. It may be much larger than its factors, and is
   * worked out where it is needed and not before.
   *
   * @param call the node that multiplies
   */
  record Product(Call call, NdArray left, NdArray right) implements Constant {
    @Override
    public NdArray array() throws FormatException {
      return Folding.product(call, left, right);
    }

    List<Long> shape() {
      List<Long> shape = new ArrayList<>(left.shape());
      shape.set(shape.size() - 1, right.size(right.rank() - 1));
      return shape;
    }
  }

  /**
   * Integers that a graph computes for shapes.
   *
   * @param scalar whether it is a single number, with no axis
   */
  record Integers(List<Size> elements, boolean scalar) implements Value {
    static final int MOST = 64; // elements; a shape of real graphs has 4

    static Integers scalar(Size size) {
      return new Integers(List.of(size), true);
    }
  }

  /** A tensor of any shape whose elements all are the same: most of all the zeros that states start with. */
  record Filled(Size element) implements Value {
    static final Filled ZEROS = new Filled(Size.of(0));
  }

  /** A value that has axes which count steps, sequences and columns. */
  sealed interface Laid extends Value {
    Axes axes();

    /** The same in other axes. */
    Laid axes(Axes other);
  }

  /**
   * An input of the graph, or a part of it, that no layer has read yet.
   *
   * @param picked the indices at which dimensions were cut that are no axes any more
   * @param floats whether it is of floats, not of integers
   */
  record Given(String input, Axes axes, List<Part> picked, boolean floats) implements Laid {
    @Override
    public Given axes(Axes other) {
      return new Given(input, other, picked, floats);
    }
  }

  /** Parts of inputs one after the other along the directions of a layer, whose initial states they are. */
  record Stacked(List<Given> parts) implements Value {}

  /** The numbers from 0 on along an axis that is as long as the steps. */
  record Counted(Axes axes) implements Laid {
    @Override
    public Counted axes(Axes other) {
      return new Counted(other);
    }
  }

  /**
   * What is so by the lengths of the sequences.
   *
   * @param lengths the input that holds them
   */
  record Mask(String lengths, Test test, Axes axes) implements Laid {
    /** What is so: of a step that it is valid, or not; of a sequence that it has steps, or none. */
    enum Test {
      VALID, BEHIND, SOME, EMPTY;

      Test not() {
        return switch (this) {
          case VALID -> BEHIND;
          case BEHIND -> VALID;
          case SOME -> EMPTY;
          case EMPTY -> SOME;
        };
      }
    }

    @Override
    public Mask axes(Axes other) {
      return new Mask(lengths, test, other);
    }
  }

  /**
   * The index of the last valid step of each sequence.
   *
   * @param lengths the input that holds the lengths
   */
  record Ends(String lengths, Axes axes) implements Laid {
    @Override
    public Ends axes(Axes other) {
      return new Ends(lengths, other);
    }
  }

  /**
   * Rows that layers have computed.
   *
   * @param pieces what makes a row, side by side
   */
  record Rows(List<Piece> pieces, Axes axes) implements Laid {
    @Override
    public Rows axes(Axes other) {
      return new Rows(pieces, other);
    }

    Rows rest(Rest other) {
      return new Rows(pieces.stream().map(piece -> piece.rest(other)).toList(), axes);
    }

    /** What stands where a sequence has no steps, once these are the rows of a layer. */
    Rest rest() {
      Piece first = pieces.getFirst();
      boolean alike = pieces.stream().allMatch(piece -> piece.rest() == first.rest());
      return alike && (first.source() == Source.ROWS || first.rest() == Rest.ZEROS) ? first.rest() : Rest.OTHER;
    }

    int width() {
      return pieces.stream().mapToInt(Piece::width).sum();
    }
  }
}
