package dev.carousel.formats.onnx;

/**
 * What a graph leaves open and a reading takes for granted until it turns out wrong.
 *
 * @param fixed whether a dimension of an input that is declared to be 1 is 1 and nothing else; otherwise it may be the
 *          batch or the steps, which an exporter saw one of
 * @param stepless whether no input has a dimension of steps, so that each run is one step
 * @param channelsFirst whether what is read of an input element by element has its columns along axis 1, rather than the
 *          last
 * @param width of the rows of an input that is one step, where the graph leaves it open; 0 for not known
 */
record Assumed(boolean fixed, boolean stepless, boolean channelsFirst, int width) {
  static final int ANY = 1024; // a width that shows which widths there can be
}
