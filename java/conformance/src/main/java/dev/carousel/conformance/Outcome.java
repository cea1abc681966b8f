package dev.carousel.conformance;

import java.util.OptionalDouble;

/**
 * What came of a case on a device.
 *
 * @param message what was wrong, or what is not supported; empty for a pass
 * @param worst the largest error in units of what is allowed, 1 being just allowed; empty where no numbers were compared
 */
public record Outcome(Kind kind, String message, OptionalDouble worst) {

  /** Passed, failed, or not run since the back end says that it cannot. */
  public enum Kind {
    PASS, FAIL, UNSUPPORTED
  }

  /** The outcome of what was compared. */
  public static Outcome of(Finding finding) {
    return new Outcome(finding.right() ? Kind.PASS : Kind.FAIL, finding.fault(), finding.worst());
  }

  /** The outcome of a comparison that threw. */
  public static Outcome threw(Throwable thrown) {
    StackTraceElement[] trace = thrown.getStackTrace();
    return of(Finding.fault("threw " + thrown + (trace.length == 0 ? "" : " at " + trace[0])));
  }

  /** Not run, for reasons that the back end gives. */
  public static Outcome unsupported(Iterable<String> reasons) {
    return new Outcome(Kind.UNSUPPORTED, String.join(" ", reasons), OptionalDouble.empty());
  }
}
