package dev.carousel.cli.verify;

import dev.carousel.spi.Device;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What came of a device.
 *
 * @param answers those that it gave, in the order of the questions
 * @param seconds that it took in all
 * @param broken why it did not answer all questions: its process crashed, hung, or would not start
 */
record DeviceResult(Device device, List<Answer> answers, double seconds, Optional<String> broken) {
  /** How a device stands. */
  enum Standing {
    RIGHT("right"), WRONG("wrong"), BROKEN("broken"), UNAVAILABLE("unavailable");

    private final String word;

    Standing(String word) {
      this.word = word;
    }

    /** Its word in tables and in JSON. */
    String word() {
      return word;
    }
  }

  DeviceResult {
    answers = List.copyOf(answers);
  }

  /** That of a device which cannot be used. */
  static DeviceResult unavailable(Device device) {
    return new DeviceResult(device, List.of(), 0, Optional.empty());
  }

  /** How it stands. */
  Standing standing() {
    return !device.available() ? Standing.UNAVAILABLE
        : broken.isPresent() ? Standing.BROKEN : failures().isEmpty() ? Standing.RIGHT : Standing.WRONG;
  }

  /** The answers that are wrong. */
  List<Answer> failures() {
    return answers.stream().filter(Answer::failed).toList();
  }

  /** All answers counted. */
  Tally tally() {
    return Tally.of(answers);
  }

  /** A result that grows with what happens. */
  static final class Log implements Consumer<Event> {
    private final Device device;
    private final List<Answer> answers = new ArrayList<>();
    private Optional<Question> asked = Optional.empty();
    private Optional<Event.Ended> ended = Optional.empty();

    Log(Device device) {
      this.device = device;
    }

    @Override
    public void accept(Event event) {
      switch (event) {
        case Event.Asked(Question question) -> asked = Optional.of(question);
        case Event.Answered(Answer answer) -> {
          answers.add(answer);
          asked = Optional.empty();
        }
        case Event.Ended end -> ended = Optional.of(end);
      }
    }

    /** The question that has no answer yet. */
    Optional<Question> asked() {
      return asked;
    }

    /** Whether the end was told. */
    boolean ended() {
      return ended.isPresent();
    }

    DeviceResult result() {
      Event.Ended end = ended.orElseThrow(() -> new IllegalStateException("The end of " + device.id()
          + " was not told."));
      return new DeviceResult(device, answers, end.seconds(), end.broken());
    }
  }
}
