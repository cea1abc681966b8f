package dev.carousel.formats.run;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Which sequences and which of their steps a predictor is to run at once. One is used again and again. */
final class Pass {
  private int firstStep;
  private int steps;
  private int all; // steps of a sequence that has no length
  private int first; // sequence
  private int count; // sequences
  private int @Nullable [] lengths; // of these sequences; null where all have all steps
  private int[] valid = new int[0]; // how many of these steps

  /** Turns to other sequences. */
  void sequences(int firstOne, int ofThem, int ofSteps, int @Nullable [] theirLengths) {
    first = firstOne;
    count = ofThem;
    all = ofSteps;
    lengths = theirLengths;
    steps(0, ofSteps);
  }

  /** Turns to other steps. */
  void steps(int firstOne, int ofThem) {
    firstStep = firstOne;
    steps = ofThem;
  }

  int firstStep() {
    return firstStep;
  }

  int steps() {
    return steps;
  }

  int first() {
    return first;
  }

  int count() {
    return count;
  }

  /** Whether it is all steps. */
  boolean whole() {
    return steps == all;
  }

  /** Whether no steps come after these. */
  boolean last() {
    return firstStep + steps == all;
  }

  int @Nullable [] lengths() {
    return lengths;
  }

  int length(int sequence) {
    return lengths == null ? all : lengths[sequence];
  }

  /** How many of the steps are valid; null where all are. */
  int @Nullable [] valid() {
    if (lengths == null || whole()) {
      return lengths;
    }
    if (valid.length != count) {
      valid = new int[count];
    }
    Arrays.setAll(valid, i -> Math.clamp(length(i) - firstStep, 0, steps));
    return valid;
  }
}
