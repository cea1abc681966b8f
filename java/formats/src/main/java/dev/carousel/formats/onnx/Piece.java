package dev.carousel.formats.onnx;

/**
 * A part of a row of ours that a value of the graph holds: what one direction of a recurrent layer gives, or all that
 * another layer gives.
 *
 * @param at where the chain of layers stood when it gave the row
 * @param layer the layer that gave it; -1 for the network's input
 * @param part which of the layer's directions
 * @param width in columns
 * @param rest what stands where a sequence has no steps, if there are lengths
 */
record Piece(Source source, int at, int layer, int part, int width, Rest rest) {
  /** Of which steps it is. */
  enum Source {
    SEQUENCE, // Of each step
    FIRST_STEP, LAST_STEP, HIDDEN, // The hidden state after the last step that the direction reads
    CELL // The cell state after it
  }

  /** What stands behind a sequence's end, and in a row for a sequence without steps. */
  enum Rest {
    ZEROS, // As behind recurrent layers, or put there
    DENSE, // What the dense layers at the chain's end make of zeros
    INITIAL, // Of a state: the one that the sequence started with
    OTHER
  }

  Piece source(Source other) {
    return new Piece(other, at, layer, part, width, rest);
  }

  Piece rest(Rest other) {
    return new Piece(source, at, layer, part, width, other);
  }
}
