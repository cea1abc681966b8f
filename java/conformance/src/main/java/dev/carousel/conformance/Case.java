package dev.carousel.conformance;

import dev.carousel.spi.Backend;
import dev.carousel.spi.CompileOptions;
import dev.carousel.spi.form.Program;
import java.util.List;
import java.util.Locale;

/**
 * A question to a back end.
 *
 * @param subject what of its family it is about, for the rows of tables: {@code lstm peephole}
 * @param name what is asked, built from its fields; the seed of its data
 * @param program what is run
 */
public record Case(Family family, String subject, String name, Program program, Check check) {

  /** The comparison itself. */
  @FunctionalInterface
  public interface Check {
    /** What is wrong, and how far the numbers are apart. */
    Finding compare(Backend backend, Backend reference);
  }

  /** The family and the name: {@code layer/lstm_concat_i7_h9}. */
  public String path() {
    return family.name().toLowerCase(Locale.ROOT) + "/" + name;
  }

  /** Runs it. What the back end throws is a failure. */
  public Outcome run(Backend backend, Backend reference) {
    List<String> unsupported = backend.unsupported(program, new CompileOptions(2));
    if (!unsupported.isEmpty()) {
      return Outcome.unsupported(unsupported);
    }
    try {
      return Outcome.of(check.compare(backend, reference));
    } catch (RuntimeException | Error thrown) {
      return Outcome.threw(thrown);
    }
  }

  /** The back end's outputs and final states are the reference's, within the tolerance. */
  static Case differential(Family family, String subject, String name, Program program, Shape shape) {
    return new Case(family, subject, name, program, (backend, reference) -> {
      Data data = Data.of(name, program, shape.fitting(program));
      return Tolerance.of(program).compare(Trial.once(reference, data), Trial.once(backend, data));
    });
  }
}
