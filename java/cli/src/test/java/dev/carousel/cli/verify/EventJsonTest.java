package dev.carousel.cli.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carousel.cli.verify.Event.Answered;
import dev.carousel.cli.verify.Event.Asked;
import dev.carousel.cli.verify.Event.Ended;
import dev.carousel.conformance.Outcome;
import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.json.Json;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class EventJsonTest {
  private static final Question QUESTION = new Question("layer", "lstm \"x\"", "a\nb");

  static List<Event> events() {
    return List.of(new Asked(QUESTION),
        new Answered(new Answer(QUESTION, new Outcome(Outcome.Kind.PASS, "", OptionalDouble.of(0.25)), 0.5)),
        new Answered(new Answer(QUESTION, new Outcome(Outcome.Kind.PASS, "", OptionalDouble.empty()), 0)),
        new Answered(new Answer(QUESTION, new Outcome(Outcome.Kind.FAIL, "was \u0000",
            OptionalDouble.of(Double.POSITIVE_INFINITY)), 1)),
        new Answered(new Answer(QUESTION, Outcome.unsupported(List.of("No.", "Never.")), 1e-9)),
        new Ended(2.5, Optional.empty()), new Ended(0, Optional.of("It broke.")));
  }

  @ParameterizedTest
  @MethodSource("events")
  void anEventComesThroughUnchanged(Event event) throws FormatException {
    String line = EventJson.of(event).compact();
    assertThat(line.lines()).hasSize(1);
    assertThat(EventJson.event(Json.parse(line))).isEqualTo(event);
  }

  @Test
  void anOutcomeThatThereIsNotIsRefused() throws FormatException {
    Json json = Json.parse("""
        {"answered": {"family": "f", "subject": "s", "name": "n"}, "outcome": "maybe", "message": "", "seconds": 1}
        """);
    assertThatThrownBy(() -> EventJson.event(json)).isInstanceOf(FormatException.class).hasMessageContaining("maybe");
  }
}
