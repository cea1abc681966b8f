package dev.carousel.bench;

import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** The one size in which shapes differ, where it is one. */
enum Sweep {
  /** The sequences of a batch. */
  BATCH,
  /** The hidden units, and the inputs with them. */
  HIDDEN;

  private static final int LEAST = 4; // shapes that make a curve

  static Optional<Sweep> of(List<Shape> shapes) {
    if (shapes.size() < LEAST) {
      return Optional.empty();
    } else if (alike(shapes, shape -> resized(shape, 1, shape.inputs(), shape.hidden()))) {
      return Optional.of(BATCH);
    }
    return shapes.stream().allMatch(shape -> shape.inputs() == shape.hidden())
        && alike(shapes, shape -> resized(shape, shape.batch(), 1, 1)) ? Optional.of(HIDDEN) : Optional.empty();
  }

  private static boolean alike(List<Shape> shapes, UnaryOperator<Shape> without) {
    return shapes.stream().map(without).distinct().count() == 1;
  }

  private static Shape resized(Shape shape, int batch, int inputs, int hidden) {
    return new Shape("any", shape.cell(), shape.steps(), batch, inputs, hidden, shape.layers(), shape.directions(),
        shape.mean());
  }

  int size(Shape shape) {
    return switch (this) {
      case BATCH -> shape.batch();
      case HIDDEN -> shape.hidden();
    };
  }

  /** Where a size stands: each doubling is a step. */
  double place(Shape shape) {
    return Math.log(size(shape)) / Math.log(2);
  }

  String words() {
    return switch (this) {
      case BATCH -> "sequences in the batch";
      case HIDDEN -> "hidden units, and as many inputs";
    };
  }

  /** What all shapes have in common. */
  String fixed(Shape shape) {
    return shape.cell() + ", " + shape.steps() + " steps, " + switch (this) {
      case BATCH -> shape.inputs() + " inputs, " + shape.hidden() + " hidden";
      case HIDDEN -> shape.batch() + " sequences";
    };
  }
}
