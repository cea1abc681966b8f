package dev.carousel;

import dev.carousel.spi.form.Program;
import dev.carousel.spi.form.Slot;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.function.Function;

/**
 * A network as a Program.
 *
 * @param sources the rows of the tensor that each PARAMETER slot holds
 */
public record Lowered(Network network, Program program, Map<Slot, Source> sources) {

  /** Rows of a tensor, from {@code row} on, as many as the slot has. */
  public record Source(String tensor, int row, Function<Weights, Tensor> values) {}

  /** The values of each PARAMETER slot; weights that do not fit the network are an IllegalArgumentException. */
  public Function<Slot, MemorySegment> parameters(Weights weights) {
    weights.check(network);
    return slot -> {
      Source source = sources.get(slot);
      if (source == null) {
        throw new IllegalArgumentException("Slot " + slot + " is not a parameter of this network.");
      }
      long row = slot.rowBytes();
      return source.values().apply(weights).data().asSlice(source.row() * row, slot.rows() * row);
    };
  }
}
