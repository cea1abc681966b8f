package dev.carousel.conformance;

import dev.carousel.spi.Backend;
import dev.carousel.spi.Program;
import java.util.List;
import java.util.Locale;

/**
 * A question to a back end.
 *
 * @param name what is asked, built from its fields; the seed of its data
 * @param program what is run
 */
public record Case(Family family, String name, Program program, Check check) {

  /** The comparison itself. */
  @FunctionalInterface
  public interface Check {
    /** What is wrong, or the empty string. */
    String fault(Backend backend, Backend reference);
  }

  /** The family and the name: {@code layer/lstm_concat_i7_h9}. */
  public String path() {
    return family.name().toLowerCase(Locale.ROOT) + "/" + name;
  }

  /** Runs it. What the back end throws is a failure. */
  public Outcome run(Backend backend, Backend reference) {
    List<String> unsupported = backend.unsupported(program);
    if (!unsupported.isEmpty()) {
      return new Outcome(Outcome.Kind.UNSUPPORTED, String.join(" ", unsupported));
    }
    try {
      return Outcome.of(check.fault(backend, reference));
    } catch (RuntimeException | Error thrown) {
      return Outcome.of("threw " + thrown + at(thrown));
    }
  }

  private static String at(Throwable thrown) {
    StackTraceElement[] trace = thrown.getStackTrace();
    return trace.length == 0 ? "" : " at " + trace[0];
  }

  /** The back end's outputs and final states are the reference's, within the tolerance. */
  static Case differential(Family family, String name, Program program, Shape shape) {
    return new Case(family, name, program, (backend, reference) -> {
      Data data = Data.of(name, program, shape);
      return Tolerance.of(program).fault(Trial.once(reference, data), Trial.once(backend, data));
    });
  }
}
