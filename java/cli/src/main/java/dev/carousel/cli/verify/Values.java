package dev.carousel.cli.verify;

import dev.carousel.conformance.Finding;
import dev.carousel.conformance.Tolerance;
import dev.carousel.formats.data.NdArray;
import java.util.ArrayList;
import java.util.List;

/** What a run of a model left: outputs and states by name. */
record Values(List<Part> parts) {
  /**
   * One of them.
   *
   * @param values so many columns a row
   */
  @SuppressWarnings("ArrayRecordComponent") // it is passed on as it is, and never compared
  record Part(String name, int columns, float[] values) {
    static Part of(String name, NdArray array) {
      float[] values = new float[Math.toIntExact(array.count())];
      for (int i = 0; i < values.length; i++) {
        values[i] = array.getFloat(i);
      }
      return new Part(name, array.rank() == 0 ? 1 : Math.toIntExact(array.shape().getLast()), values);
    }
  }

  Values {
    parts = List.copyOf(parts);
  }

  /** With others behind these. */
  Values and(List<Part> more) {
    List<Part> all = new ArrayList<>(parts);
    all.addAll(more);
    return new Values(all);
  }

  /** What is wrong with the same of another run. */
  Finding compare(Tolerance tolerance, Values actual) {
    Finding all = compare(tolerance, 0, actual);
    for (int i = 1; i < parts.size(); i++) {
      all = all.and(compare(tolerance, i, actual));
    }
    return all;
  }

  private Finding compare(Tolerance tolerance, int i, Values actual) {
    Part right = parts.get(i);
    return tolerance.compare(right.name, right.columns, right.values, actual.parts.get(i).values);
  }
}
