package dev.carousel;

import dev.carousel.spi.form.Slot;
import java.util.LinkedHashMap;
import java.util.Map;

/** The PARAMETER slots of a Program that is being made, and the tensors that they hold. */
final class Parameters {
  /**
   * Rows of a tensor, or of the same numbers with other rows.
   *
   * @param turned whether of the tensor whose rows are this one's columns
   */
  private record Place(String tensor, int row, boolean turned) {}

  private final Map<Slot, Place> places = new LinkedHashMap<>();

  /** A slot that holds a tensor. */
  Slot of(String tensor, int rows, int columns) {
    return of(tensor, tensor, 0, rows, columns);
  }

  /** A slot that holds rows of a tensor, from one on. */
  Slot of(String name, String tensor, int row, int rows, int columns) {
    return put(Slot.parameter(name, rows, columns), new Place(tensor, row, false));
  }

  /** A slot that holds a column of a tensor, as a row. */
  Slot column(String name, String tensor, int column, int rows) {
    return put(Slot.parameter(name, 1, rows), new Place(tensor, column, true));
  }

  /** A slot that holds a part of a tensor that is one row; the rest begins behind a multiple of its width. */
  Slot part(String name, String tensor, int first, int columns) {
    return put(Slot.parameter(name, 1, columns), new Place(tensor, first / columns, false));
  }

  private Slot put(Slot slot, Place place) {
    places.put(slot, place);
    return slot;
  }

  /** Where each slot's values come from. */
  Map<Slot, Lowered.Source> sources(Map<String, Folding.Rule> folded) {
    Map<Slot, Lowered.Source> sources = new LinkedHashMap<>();
    places.forEach((slot, place) -> {
      Folding.Rule rule = folded.getOrDefault(place.tensor(), weights -> weights.tensor(place.tensor()));
      sources.put(slot, new Lowered.Source(place.tensor(), place.row(),
          weights -> place.turned() ? turned(rule.of(weights)) : rule.of(weights)));
    });
    return sources;
  }

  private static Tensor turned(Tensor tensor) {
    int width = tensor.rows();
    int height = tensor.columns();
    float[] values = new float[height * width];
    for (int i = 0; i < values.length; i++) {
      values[i] = tensor.get(i % width, i / width);
    }
    return Tensor.of(height, width, values);
  }
}
