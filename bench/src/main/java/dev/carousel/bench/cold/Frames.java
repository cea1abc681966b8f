package dev.carousel.bench.cold;

import java.util.SplittableRandom;

/** The tagger's input, the same for all. */
final class Frames {
  private static final long SEED = 1;

  private Frames() {}

  /** {@code [steps][batch][inputs]}. */
  static float[] of(int steps, int batch, int inputs) {
    SplittableRandom random = new SplittableRandom(SEED);
    float[] frames = new float[Math.multiplyExact(steps * batch, inputs)];
    for (int i = 0; i < frames.length; i++) {
      frames[i] = (float) (2 * random.nextDouble() - 1);
    }
    return frames;
  }

  /** A number that tells whether two results agree: their values with weights that grow along the way. */
  static double summary(float[] values) {
    double sum = 0;
    for (int i = 0; i < values.length; i++) {
      sum += values[i] * (i + 1.0) / values.length;
    }
    return sum;
  }
}
