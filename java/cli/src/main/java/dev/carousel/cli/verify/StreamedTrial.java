package dev.carousel.cli.verify;

import dev.carousel.Model;
import dev.carousel.Predictor;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A run in two calls, which must give what the reference gives in one.
 *
 * @param first the steps of the first call
 */
record StreamedTrial(RandomTrial whole, int first) implements ModelTrial {

  @Override
  public Values run(Model model) {
    int steps = whole.steps();
    MemorySegment room = whole.rows().room();
    Map<String, MemorySegment> data = whole.data();
    Map<String, MemorySegment> results = whole.rows().outputs(room);
    try (Predictor predictor = model.newPredictor(steps, whole.batch())) {
      predictor.advance(part(data, 0, first), first, whole.batch(), null, part(results, 0, first));
      predictor.advance(part(data, first, steps), steps - first, whole.batch(), null, part(results, first, steps));
      return whole.values(predictor, room);
    }
  }

  /** Some steps of what has steps, and all of the rest. */
  private Map<String, MemorySegment> part(Map<String, MemorySegment> rows, int from, int to) {
    Map<String, MemorySegment> part = new LinkedHashMap<>();
    rows.forEach((name, segment) -> {
      long step = segment.byteSize() / whole.steps();
      part.put(name, whole.saved().network().rows(name).perStep()
          ? segment.asSlice(from * step, (to - from) * step)
          : segment);
    });
    return part;
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
