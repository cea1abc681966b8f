package dev.carousel.conformance;

import dev.carousel.spi.form.GateGemm;
import dev.carousel.spi.form.Program;
import dev.carousel.spi.form.Slot;
import java.util.Locale;
import java.util.OptionalDouble;

/**
 * How far an answer may be from the reference's: {@code epsilon * (8 + 2 * sqrt(n)) * max(1, |expected|)}.
 *
 * <p>epsilon is the distance from 1 to the next float, and n the number of products added up on the way from input to
 * output, all layers together. A sum of n rounded terms is off by about sqrt(n) roundings, in whatever order it is
 * taken; the factor 2 leaves room for the unlucky ones, and for what a recurrence carries on from step to step. The 8
 * are the roundings of a cell itself: three activations within 2 units in the last place each, and their products.
 * Below 1 the bound is absolute, since activations near 0 are differences of larger numbers.
 *
 * @param bound the error that is just allowed where the expected value is within 1
 */
public record Tolerance(double bound) {

  /** The tolerance for a Program. */
  public static Tolerance of(Program program) {
    double length = program.operations().mapToDouble(op -> op instanceof GateGemm gemm ? gemm.in().columns() : 0).sum();
    return new Tolerance(Math.ulp(1f) * (8 + 2 * Math.sqrt(length)));
  }

  /** The tolerance for the same bits; zeros of either sign and all NaN count as the same. */
  static Tolerance exact() {
    return new Tolerance(0);
  }

  /** The error in units of what is allowed: above 1 is too much. Equal infinities and NaN at both are no error. */
  public double units(float expected, float actual) {
    if (expected == actual || (Float.isNaN(expected) && Float.isNaN(actual))) {
      return 0;
    }
    double error = Math.abs((double) expected - actual);
    double allowed = bound * Math.max(1, Math.abs((double) expected));
    return Double.isFinite(error) && allowed > 0 ? error / allowed : Double.POSITIVE_INFINITY;
  }

  /** What is wrong with values of so many columns a row, naming the element that is furthest off. */
  public Finding compare(String what, int columns, float[] expected, float[] actual) {
    if (actual.length != expected.length) {
      return new Finding(what + " has " + actual.length + " elements instead of " + expected.length,
          OptionalDouble.of(Double.POSITIVE_INFINITY));
    }
    double largest = 0;
    int furthest = 0;
    for (int i = 0; i < expected.length; i++) {
      double units = units(expected[i], actual[i]);
      if (units > largest) {
        largest = units;
        furthest = i;
      }
    }
    String fault = largest <= 1 ? ""
        : String.format(Locale.ROOT,
            "%s, row %d, column %d is %s instead of %s, %.1f times what is allowed", what, furthest / columns,
            furthest % columns, actual[furthest], expected[furthest], largest);
    return new Finding(fault, OptionalDouble.of(largest));
  }

  /** What is wrong, naming the slot and the element that is furthest off. */
  Finding compare(Result expected, Result actual) {
    Finding all = Finding.nothing();
    for (var entry : expected.values().entrySet()) {
      Slot slot = entry.getKey();
      all = all.and(compare("slot " + slot, slot.columns(), entry.getValue(),
          actual.values().getOrDefault(slot, new float[0])));
    }
    return all;
  }
}
