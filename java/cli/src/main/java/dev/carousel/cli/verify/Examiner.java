package dev.carousel.cli.verify;

import dev.carousel.conformance.Outcome;
import dev.carousel.spi.Device;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Asks a device of this process one question after the other, and tells what happens. */
record Examiner(Exam exam, List<Question> questions) {

  void examine(Device device, Consumer<Event> listener) {
    long start = System.nanoTime();
    Optional<String> broken = Optional.empty();
    try (Exam.Candidate candidate = exam.open(device)) {
      for (Question question : questions) {
        listener.accept(new Event.Asked(question));
        long before = System.nanoTime();
        Outcome outcome = answer(candidate, question);
        listener.accept(new Event.Answered(new Answer(question, outcome, seconds(before))));
      }
    } catch (RuntimeException | Error failure) {
      broken = Optional.of("It could not be opened or closed: " + failure.getMessage());
    }
    listener.accept(new Event.Ended(seconds(start), broken));
  }

  private static Outcome answer(Exam.Candidate candidate, Question question) {
    try {
      return candidate.answer(question);
    } catch (RuntimeException | Error thrown) {
      return Outcome.threw(thrown);
    }
  }

  private static double seconds(long since) {
    return (System.nanoTime() - since) / 1e9;
  }
}
