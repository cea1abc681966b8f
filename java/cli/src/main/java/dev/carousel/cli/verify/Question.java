package dev.carousel.cli.verify;

/**
 * Something that devices are asked.
 *
 * @param family the group that it belongs to: {@code layer}
 * @param subject what of its family it is about, the row of a table: {@code lstm peephole}
 * @param name unique in its family
 */
record Question(String family, String subject, String name) {
  /** By which a user names it: {@code layer/lstm_forward_i7_h9}. */
  String path() {
    return family + "/" + name;
  }
}
