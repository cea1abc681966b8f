package dev.carousel.formats.onnx;

import dev.carousel.Network.Rows;

/**
 * What an input or a node of the network gives, as a value of a graph: {@code [steps][batch][width]} or
 * {@code [batch][width]}, of single indices without the width.
 *
 * @param zeroed whether zeros stand behind each sequence's end
 */
record Written(String value, Rows rows, boolean zeroed) {
  /** Other numbers in like rows. */
  Written with(String other) {
    return new Written(other, rows, false);
  }
}
