package dev.carousel.bench;

/** What becomes of a measurement in which an engine computes something else than the reference: it ends. */
final class Agreement {
  private static final double TOLERANCE = 1e-4; // absolute

  private Agreement() {}

  /** Fails where an output is too far from what it should be. */
  static void check(String engine, double apart) {
    if (!(apart <= TOLERANCE)) {
      throw new IllegalStateException(String.format("%s differs from the reference by %.1e, and %.0e is allowed.",
          engine, apart, TOLERANCE));
    }
  }

  /** Fails where the engine's last output is too far from the oracle's. */
  static void check(String name, Engine engine, Oracle oracle, Shape shape) {
    check(name, oracle.difference(shape, engine.output()));
  }
}
