package dev.carousel.conformance;

/**
 * What came of a case on a device.
 *
 * @param message what was wrong, or what is not supported; empty for a pass
 */
public record Outcome(Kind kind, String message) {

  /** Passed, failed, or not run since the back end says that it cannot. */
  public enum Kind {
    PASS, FAIL, UNSUPPORTED
  }

  static Outcome of(String fault) {
    return new Outcome(fault.isEmpty() ? Kind.PASS : Kind.FAIL, fault);
  }
}
