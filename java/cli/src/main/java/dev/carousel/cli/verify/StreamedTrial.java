package dev.carousel.cli.verify;

import dev.carousel.Model;
import dev.carousel.Predictor;
import java.lang.foreign.MemorySegment;

/**
 * A run in two calls, which must give what the reference gives in one.
 *
 * @param first the steps of the first call
 */
record StreamedTrial(RandomTrial whole, int first) implements ModelTrial {

  @Override
  public Values run(Model model) {
    int steps = whole.steps();
    int outputs = whole.saved().network().output().width();
    boolean sequence = whole.saved().network().returnsSequence();
    float[] result = new float[whole.lines(steps) * outputs];
    try (Predictor predictor = model.newPredictor(steps, whole.batch())) {
      MemorySegment data = whole.data();
      long cut = data.byteSize() / steps * first;
      MemorySegment target = MemorySegment.ofArray(result);
      long done = 4L * whole.lines(first) * outputs;
      predictor.advance(data.asSlice(0, cut), first, whole.batch(), null, target.asSlice(0, done));
      predictor.advance(data.asSlice(cut), steps - first, whole.batch(), null,
          sequence ? target.asSlice(done) : target);
      return whole.values(predictor, result);
    }
  }

  @Override
  public Values expected(Model reference) {
    return whole.run(reference);
  }

  @Override
  public String toString() {
    return "streamed_t" + first + "_t" + (whole.steps() - first) + "_b" + whole.batch();
  }
}
