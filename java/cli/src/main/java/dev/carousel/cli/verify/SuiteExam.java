package dev.carousel.cli.verify;

import dev.carousel.Devices;
import dev.carousel.conformance.Case;
import dev.carousel.conformance.Outcome;
import dev.carousel.conformance.Suite;
import dev.carousel.spi.Backend;
import dev.carousel.spi.Device;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** The conformance suite as an exam. */
final class SuiteExam implements Exam {
  private final Backend reference = Devices.open(Devices.byId("reference"));
  private final Map<Question, Case> cases = new LinkedHashMap<>();

  SuiteExam() {
    for (Case one : Suite.all()) {
      cases.put(new Question(one.family().name().toLowerCase(Locale.ROOT), one.subject(), one.name()), one);
    }
  }

  @Override
  public String title() {
    return "conformance suite";
  }

  @Override
  public List<Question> questions() {
    return List.copyOf(cases.keySet());
  }

  @Override
  public Candidate open(Device device) {
    Backend backend = Devices.open(device);
    return new Candidate() {
      @Override
      public Outcome answer(Question question) {
        return Objects.requireNonNull(cases.get(question)).run(backend, reference);
      }

      @Override
      public void close() {
        backend.close();
      }
    };
  }

  @Override
  public void close() {
    reference.close();
  }
}
