package dev.carousel.formats.onnx;

/**
 * Columns of rows of ours, side by side, that a value of the graph holds.
 *
 * @param source of which steps they are
 * @param node the input or layer whose rows they are a part of, by its number among the {@link Nodes}
 * @param from the first of the columns; of a state, among the hidden or cell states of all directions side by side
 * @param width how many they are
 * @param rest what stands where a sequence has no steps, if there are lengths
 */
record Piece(Source source, int node, int from, int width, Rest rest) {
  /** Of which steps it is. */
  enum Source {
    ROWS, // All that there are
    FIRST_STEP, LAST_STEP, HIDDEN, // The hidden state after the last step that the direction reads
    CELL; // The cell state after it

    boolean state() {
      return this == HIDDEN || this == CELL;
    }
  }

  /** What stands behind a sequence's end, and in a row for a sequence without steps. */
  enum Rest {
    ZEROS, // As behind recurrent layers, or put there
    DENSE, // What the dense layers at the network's end make of zeros
    INITIAL, // Of a state: the one that the sequence started with
    OTHER
  }

  Piece source(Source other) {
    return new Piece(other, node, from, width, rest);
  }

  Piece rest(Rest other) {
    return new Piece(source, node, from, width, other);
  }

  /** So many of the columns, from one of them on. */
  Piece columns(int first, int count) {
    return new Piece(source, node, from + first, count, rest);
  }

  /** Whether another one's columns stand just behind these. */
  boolean goesOn(Piece other) {
    return source == other.source && node == other.node && from + width == other.from;
  }
}
