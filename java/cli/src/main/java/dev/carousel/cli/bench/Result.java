package dev.carousel.cli.bench;

import dev.carousel.spi.Device;
import java.util.List;
import java.util.Optional;

/**
 * What came of a device.
 *
 * @param worst its error in units of the tolerance
 * @param seconds of one pass in each of its turns, the shortest first; empty where it was lost
 * @param lost why it has no time, if so
 */
record Result(Device device, double worst, List<Double> seconds, Optional<String> lost) {
  Result {
    seconds = seconds.stream().sorted().toList();
  }

  /** Whether it was timed. */
  boolean timed() {
    return lost.isEmpty() && !seconds.isEmpty();
  }

  /** The median of its turns. */
  double median() {
    int half = seconds.size() / 2;
    return seconds.size() % 2 == 1 ? seconds.get(half) : (seconds.get(half - 1) + seconds.get(half)) / 2;
  }

  /** The first of the middle half of its turns. */
  double lower() {
    return seconds.get(seconds.size() / 4);
  }

  /** The last of the middle half of its turns. */
  double upper() {
    return seconds.get(seconds.size() - 1 - seconds.size() / 4);
  }
}
