package dev.carousel.conformance;

import java.util.OptionalDouble;

/**
 * What a comparison found.
 *
 * @param fault what is wrong, or the empty string
 * @param worst the largest error in units of what is allowed, 1 being just allowed; empty where no numbers were compared
 */
public record Finding(String fault, OptionalDouble worst) {
  private static final Finding NOTHING = new Finding("", OptionalDouble.empty());

  /** Nothing is wrong, and no numbers were compared. */
  static Finding nothing() {
    return NOTHING;
  }

  /** Something is wrong that is not a matter of numbers. */
  static Finding fault(String fault) {
    return new Finding(fault, OptionalDouble.empty());
  }

  /** Whether nothing is wrong. */
  public boolean right() {
    return fault.isEmpty();
  }

  /** Both together: the larger error, and the fault of the one that is further off. */
  public Finding and(Finding other) {
    double mine = worst.orElse(-1);
    double theirs = other.worst.orElse(-1);
    String further = other.right() || (!right() && mine >= theirs) ? fault : other.fault;
    return new Finding(further, mine >= theirs ? worst : other.worst);
  }

  /** The same, its fault, if there is one, said to be of something. */
  Finding of(String what) {
    return right() ? this : new Finding(what + ": " + fault, worst);
  }
}
