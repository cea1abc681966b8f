package dev.carousel.cli.verify;

import dev.carousel.conformance.Outcome;
import java.util.Collection;
import java.util.OptionalDouble;

/**
 * Answers, counted.
 *
 * @param worst the largest error in units of the tolerance; empty where no numbers were compared
 */
record Tally(int passed, int failed, int unsupported, OptionalDouble worst, double seconds) {

  static Tally of(Collection<Answer> answers) {
    return new Tally(count(answers, Outcome.Kind.PASS), count(answers, Outcome.Kind.FAIL),
        count(answers, Outcome.Kind.UNSUPPORTED),
        answers.stream().flatMapToDouble(answer -> answer.outcome().worst().stream()).max(),
        answers.stream().mapToDouble(Answer::seconds).sum());
  }

  private static int count(Collection<Answer> answers, Outcome.Kind kind) {
    return (int) answers.stream().filter(answer -> answer.outcome().kind() == kind).count();
  }

  /** All answers. */
  int answers() {
    return passed + failed + unsupported;
  }
}
