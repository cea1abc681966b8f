package dev.carousel.formats.onnx;

import dev.carousel.formats.data.NdArray;
import dev.carousel.formats.onnx.Factor.Part;
import java.util.List;

/** What is known of a value of the graph before anything has run. */
sealed interface Value {

  /** Numbers that stand in the file. */
  record Constant(NdArray array) implements Value {}

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

    int width() {
      return pieces.stream().mapToInt(Piece::width).sum();
    }
  }
}
