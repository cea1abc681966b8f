package dev.carousel.cli.verify;

import java.util.Optional;

/** What happens while a device is examined, in the process that does it; its form as JSON is {@link EventJson}. */
sealed interface Event {
  /** A question is about to be asked. */
  record Asked(Question question) implements Event {}

  /** A question was answered. */
  record Answered(Answer answer) implements Event {}

  /**
   * The device has been closed.
   *
   * @param broken why it could not be asked all, if so
   */
  record Ended(double seconds, Optional<String> broken) implements Event {}
}
