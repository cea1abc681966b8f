package dev.carousel.spi;

import dev.carousel.spi.form.Check;
import dev.carousel.spi.form.Slot;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The order of rows inside a run: sequences from long to short, and of each step only the rows that are valid.
 *
 * <p>A STEPS slot is packed: the rows of step 0, then those of step 1, and so on, with nothing for padding. Since longer
 * sequences stand first, the valid rows of a step are the first {@link #active} of the batch, for either direction, and
 * a product over all steps is one over {@link #rows} rows. Where all lengths are equal this is {@code [steps][batch]}.
 */
public final class Layout {
  private final int[] active; // [steps + 1]: sequences longer than the step
  private final int[] first; // [steps + 1]: packed rows of the steps before
  private final int[] order; // [batch]: the caller's row of each position
  private final int[] length; // [batch]: the length at each position
  private final int[] given; // [batch]: the length of each of the caller's rows, which the caller may write meanwhile
  private int steps;
  private int batch;
  private long run;

  /** A layout for runs of up to so many steps and sequences. */
  public Layout(int maxSteps, int maxBatch) {
    active = new int[maxSteps + 1];
    first = new int[maxSteps + 1];
    order = new int[maxBatch];
    length = new int[maxBatch];
    given = new int[maxBatch];
  }

  /** Takes and checks the lengths of a run, before anything is changed; null means that all sequences have all steps. */
  public void check(int steps, int batch, int @Nullable [] lengths) {
    if (steps < 1 || steps >= active.length || batch < 1 || batch > order.length) {
      throw Check.refusal("%d steps of %d sequences were asked for, and this session takes at least 1 and at most %d of"
          + " %d. Make a larger one.", steps, batch, active.length - 1, order.length);
    }
    if (lengths == null) {
      Arrays.fill(given, 0, batch, steps);
      return;
    }
    if (lengths.length != batch) {
      throw Check.refusal("%d lengths were given for %d sequences. Give one for each.", lengths.length, batch);
    }
    System.arraycopy(lengths, 0, given, 0, batch);
    for (int sequence = 0; sequence < batch; sequence++) {
      if (given[sequence] < 0 || given[sequence] > steps) {
        throw Check.refusal("Sequence %d is to have %d steps, and the run has %d. A length is 0 to that.", sequence,
            given[sequence], steps);
      }
    }
  }

  /** Arranges the run whose lengths were checked last. */
  public void set(int steps, int batch) {
    this.steps = steps;
    this.batch = batch;
    run++;
    Arrays.fill(active, 0, steps + 1, 0);
    for (int sequence = 0; sequence < batch; sequence++) {
      if (given[sequence] > 0) {
        active[given[sequence] - 1]++;
      }
    }
    for (int step = steps - 1; step >= 0; step--) {
      active[step] += active[step + 1];
    }
    // A stable counting sort, longest first: a sequence of length n comes after the active[n] longer ones.
    System.arraycopy(active, 0, first, 0, steps + 1);
    for (int sequence = 0; sequence < batch; sequence++) {
      int position = first[given[sequence]]++;
      order[position] = sequence;
      length[position] = given[sequence];
    }
    first[0] = 0;
    for (int step = 0; step < steps; step++) {
      first[step + 1] = first[step] + active[step];
    }
  }

  /** The number of this run: what was made for another one is out of date. It is never 0 for a run. */
  public long run() {
    return run;
  }

  /** The steps of the caller's data, padding included. */
  public int steps() {
    return steps;
  }

  /** The sequences of the batch. */
  public int batch() {
    return batch;
  }

  /** The steps of the longest sequence: none after it is computed. */
  public int longest() {
    return length[0];
  }

  /** The sequences for which this step is valid: the first so many positions. */
  public int active(int step) {
    return active[step];
  }

  /** The packed row at which a step starts. */
  public int first(int step) {
    return first[step];
  }

  /** All packed rows of a STEPS slot. */
  public int rows() {
    return first[steps];
  }

  /** The caller's row of the sequence at a position. */
  public int sequence(int position) {
    return order[position];
  }

  /** The valid steps of the sequence at a position. */
  public int length(int position) {
    return length[position];
  }

  /** Whether all sequences have all steps: then this is the caller's order. */
  public boolean uniform() {
    return rows() == steps * batch;
  }

  /** Copies a slot's rows from the caller's order to this one, leaving the padding of STEPS out. */
  public void pack(Slot slot, MemorySegment source, MemorySegment target) {
    move(slot, source, target, true);
  }

  /** Copies a slot's rows from this order to the caller's; of an OUTPUT the padding becomes 0. */
  public void unpack(Slot slot, MemorySegment source, MemorySegment target) {
    if (slot.role() == Slot.Role.OUTPUT && !uniform()) {
      target.fill((byte) 0);
    }
    move(slot, target, source, false);
  }

  private void move(Slot slot, MemorySegment plain, MemorySegment packed, boolean pack) {
    MemorySegment source = pack ? plain : packed;
    MemorySegment target = pack ? packed : plain;
    if (uniform()) {
      MemorySegment.copy(source, 0, target, 0, source.address() == target.address() ? 0 : slot.bytes(steps, batch));
      return;
    }
    long width = slot.bytes(1, 1);
    boolean perStep = slot.extent() == Slot.Extent.STEPS;
    for (int step = 0; step < (perStep ? longest() : 1); step++) {
      int rows = perStep || slot.role() == Slot.Role.OUTPUT ? active[step] : batch;
      for (int position = 0; position < rows; position++) {
        long there = width * ((long) step * batch + order[position]);
        long here = width * (first[step] + position);
        MemorySegment.copy(source, pack ? there : here, target, pack ? here : there, width);
      }
    }
  }
}
