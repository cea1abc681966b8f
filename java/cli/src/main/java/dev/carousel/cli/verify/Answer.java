package dev.carousel.cli.verify;

import dev.carousel.conformance.Outcome;

/**
 * What a device made of a question.
 *
 * @param seconds that it took, the reference's share included
 */
record Answer(Question question, Outcome outcome, double seconds) {
  /** Whether it is wrong. */
  boolean failed() {
    return outcome.kind() == Outcome.Kind.FAIL;
  }
}
