package dev.carousel.cli.verify;

import dev.carousel.conformance.Outcome;
import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.json.Json;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/** Events as JSON, for the way from one process to another; and the forms that reports share with them. */
final class EventJson {
  private static final String INFINITE = "infinite";

  private EventJson() {}

  static Json of(Event event) {
    return switch (event) {
      case Event.Asked(Question question) -> Json.object("asked", of(question));
      case Event.Answered(Answer(Question question, Outcome outcome, double seconds)) -> Json.object("answered",
          of(question), "outcome", kind(outcome), "message", outcome.message(), "worst", worst(outcome.worst()),
          "seconds", seconds);
      case Event.Ended(double seconds, Optional<String> broken) -> Json.object("ended", seconds, "broken", broken);
    };
  }

  static Event event(Json json) throws FormatException {
    Optional<Json> asked = json.find("asked");
    if (asked.isPresent()) {
      return new Event.Asked(question(asked.get()));
    }
    Optional<Json> answered = json.find("answered");
    if (answered.isPresent()) {
      return new Event.Answered(new Answer(question(answered.get()), new Outcome(kind(json.get("outcome").text()),
          json.get("message").text(), worst(json)), json.get("seconds").number()));
    }
    Optional<Json> broken = json.find("broken");
    return new Event.Ended(json.get("ended").number(),
        broken.isPresent() ? Optional.of(broken.get().text()) : Optional.empty());
  }

  private static Json of(Question question) {
    return Json.object("family", question.family(), "subject", question.subject(), "name", question.name());
  }

  private static Question question(Json json) throws FormatException {
    return new Question(json.get("family").text(), json.get("subject").text(), json.get("name").text());
  }

  /** The word for an outcome: {@code pass}, {@code fail} or {@code unsupported}. */
  static String kind(Outcome outcome) {
    return outcome.kind().name().toLowerCase(Locale.ROOT);
  }

  private static Outcome.Kind kind(String word) throws FormatException {
    try {
      return Outcome.Kind.valueOf(word.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException unknown) {
      throw new FormatException("\"" + word + "\" is no outcome.", unknown);
    }
  }

  /** An error in units: a number, the word infinite, or null where no numbers were compared. */
  static Json worst(OptionalDouble worst) {
    return worst.isEmpty() ? new Json.Null()
        : Double.isFinite(worst.getAsDouble()) ? Json.of(worst.getAsDouble()) : new Json.Text(INFINITE);
  }

  private static OptionalDouble worst(Json event) throws FormatException {
    Optional<Json> worst = event.find("worst");
    if (worst.isEmpty()) {
      return OptionalDouble.empty();
    }
    return OptionalDouble.of(worst.get() instanceof Json.Text ? Double.POSITIVE_INFINITY : worst.get().number());
  }
}
