package dev.carousel.conformance;

import dev.carousel.spi.form.Embed;
import dev.carousel.spi.form.Program;
import dev.carousel.spi.form.Slot;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * What a Program is run with, drawn from a name: parameters, inputs, initial states. Weights are within 1/sqrt(n) of 0 for
 * products over n elements, so that activations stay where they bend; the rest is within 1.
 *
 * @param inputs {@code [steps][batch][columns]} floats, or ints
 * @param states {@code [batch][columns]}
 */
record Data(Program program, Shape shape, Map<Slot, float[]> parameters, Map<Slot, MemorySegment> inputs,
    Map<Slot, float[]> states) {

  static Data of(String name, Program program, Shape shape) {
    Map<Slot, float[]> parameters = new HashMap<>();
    for (Slot slot : program.slots(Slot.Role.PARAMETER)) {
      double bound = slot.rows() == 1 ? 0.5 : 1 / Math.sqrt(slot.columns());
      parameters.put(slot, uniform(random(name, slot), slot.rows() * slot.columns(), bound));
    }
    Map<Slot, MemorySegment> inputs = new HashMap<>();
    for (Slot slot : program.slots(Slot.Role.INPUT)) {
      int count = slot.rows(shape.steps(), shape.batch()) * slot.columns();
      inputs.put(slot, slot.element() == Slot.Element.I32
          ? MemorySegment.ofArray(random(name, slot).ints(count, 0, tableRows(program, slot)).toArray())
          : MemorySegment.ofArray(uniform(random(name, slot), count, 1)));
    }
    Map<Slot, float[]> states = new HashMap<>();
    for (Slot slot : program.slots(Slot.Role.STATE)) {
      states.put(slot, uniform(random(name, slot), shape.batch() * slot.columns(), 1));
    }
    return new Data(program, shape, parameters, inputs, states);
  }

  private static SplittableRandom random(String name, Slot slot) {
    return new SplittableRandom(31L * name.hashCode() + slot.name().hashCode());
  }

  private static float[] uniform(SplittableRandom random, int count, double bound) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) (bound * (2 * random.nextDouble() - 1));
    }
    return values;
  }

  private static int tableRows(Program program, Slot slot) {
    return program.operations()
        .filter(operation -> operation instanceof Embed embed && embed.indices().slot().equals(slot))
        .mapToInt(operation -> ((Embed) operation).table().rows()).min().orElse(1);
  }

  /** The same, run in another shape with other inputs and states. */
  Data with(Shape other, Map<Slot, MemorySegment> otherInputs, Map<Slot, float[]> otherStates) {
    return new Data(program, other, parameters, otherInputs, otherStates);
  }

  /** The same, run in another shape with another input, where there is one. */
  Data with(Shape other, MemorySegment input) {
    return with(other, Map.of(program.slots(Slot.Role.INPUT).getFirst(), input), states);
  }

  /** The same, with another initial state in a slot. */
  Data with(Slot state, float[] values) {
    Map<Slot, float[]> others = new HashMap<>(states);
    others.put(state, values);
    return with(shape, inputs, others);
  }

  /** The input, where there is one. */
  MemorySegment input() {
    return inputs.getOrDefault(program.slots(Slot.Role.INPUT).getFirst(), MemorySegment.NULL);
  }

  /** The rows of the inputs at these steps of these sequences, one after the other. */
  Map<Slot, MemorySegment> inputs(int firstStep, int steps, int... rows) {
    Map<Slot, MemorySegment> part = new HashMap<>();
    inputs.forEach((slot, values) -> {
      long width = 4L * slot.columns();
      boolean perStep = slot.extent() == Slot.Extent.STEPS;
      MemorySegment target = MemorySegment.ofArray(new float[slot.rows(steps, rows.length) * slot.columns()]);
      for (int step = 0; step < (perStep ? steps : 1); step++) {
        for (int i = 0; i < rows.length; i++) {
          long from = (perStep ? (long) (firstStep + step) * shape.batch() : 0) + rows[i];
          MemorySegment.copy(values, width * from, target, width * ((long) step * rows.length + i), width);
        }
      }
      part.put(slot, target);
    });
    return part;
  }

  /** The initial states of these sequences. */
  Map<Slot, float[]> states(int... rows) {
    Map<Slot, float[]> part = new HashMap<>();
    states.forEach((slot, values) -> part.put(slot, Result.rows(values, slot.columns(), rows)));
    return part;
  }
}
