package dev.carousel.bench;

import java.util.List;

/**
 * What an engine did in a round: so many calls, one behind the other.
 *
 * @param fork which process it was
 * @param round of that process
 * @param nanoseconds of each call
 */
record Turn(int fork, int round, List<Long> nanoseconds) {
  Turn {
    nanoseconds = List.copyOf(nanoseconds);
  }

  /** The time of a call: the mean of the calls. */
  double milliseconds() {
    return nanoseconds.stream().mapToLong(Long::longValue).sum() * 1e-6 / nanoseconds.size();
  }
}
