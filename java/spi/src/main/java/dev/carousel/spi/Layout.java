package dev.carousel.spi;

import dev.carousel.spi.form.Axis;
import dev.carousel.spi.form.Check;
import dev.carousel.spi.form.Slot;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The order of rows inside a run: sequences from long to short, and of each step only the rows that are valid.
 *
 * <p>A STEPS slot is packed: the rows of step 0, then those of step 1, and so on, with nothing for padding. Since longer
 * sequences stand first, the valid rows of a step are the first {@link #active} of the batch, for either direction, and
 * a product over all steps is one over {@link #rows} rows. Where all lengths are equal this is {@code [steps][batch]}.
 *
 * <p>That is so for each axis: {@link #along} has the steps of one that follows from the run's, with the same order of
 * sequences. A run in which a sequence has steps, and none on such an axis, is refused.
 */
public final class Layout {
  private final Axis axis;
  private final String named; // a slot with these steps
  private final Layout[] derived; // one for each other axis; of the run's only
  private final Order callers;
  private final int[] active; // [steps + 1]: sequences longer than the step
  private final int[] first; // [steps + 1]: packed rows of the steps before
  private final int[] order; // [batch]: the caller's row of each position
  private final int[] length; // [batch]: the length at each position
  private final int[] given; // [batch]: the length of each of the caller's rows, which the caller may write meanwhile
  private int steps;
  private int batch;
  private long run;
  private boolean uniform;

  /** A layout for runs of up to so many steps and sequences, with the axes of these slots. */
  public Layout(Collection<Slot> slots, int maxSteps, int maxBatch, Order callers) {
    this(Axis.RUN, "", others(slots, maxSteps, maxBatch, callers), maxSteps, callers, new int[maxBatch],
        new int[maxBatch]);
  }

  private Layout(Axis axis, String named, Layout[] derived, int maxSteps, Order callers, int[] order, int[] given) {
    this.axis = axis;
    this.named = named;
    this.derived = derived;
    this.callers = callers;
    active = new int[maxSteps + 1];
    first = new int[maxSteps + 1];
    this.order = order;
    length = new int[order.length];
    this.given = given;
  }

  private static Layout[] others(Collection<Slot> slots, int maxSteps, int maxBatch, Order callers) {
    Map<Axis, Layout> others = new LinkedHashMap<>();
    for (Slot slot : slots) {
      if (!slot.axis().equals(Axis.RUN)) {
        others.computeIfAbsent(slot.axis(), axis -> new Layout(axis, slot.toString(), new Layout[0],
            axis.steps(maxSteps), callers, new int[maxBatch], new int[0]));
      }
    }
    return others.values().toArray(Layout[]::new);
  }

  /** Takes and checks the lengths of a run, before anything is changed; null means that all sequences have all steps. */
  public void check(int steps, int batch, int @Nullable [] lengths) {
    if (steps < 1 || steps >= active.length || batch < 1 || batch > order.length) {
      throw Check.refusal("%d steps of %d sequences were asked for, and this session takes at least 1 and at most %d of"
          + " %d. Make a larger one.", steps, batch, active.length - 1, order.length);
    }
    if (lengths == null) {
      Arrays.fill(given, 0, batch, steps);
    } else if (lengths.length != batch) {
      throw Check.refusal("%d lengths were given for %d sequences. Give one for each.", lengths.length, batch);
    } else {
      System.arraycopy(lengths, 0, given, 0, batch);
    }
    for (int sequence = 0; sequence < batch; sequence++) {
      int length = given[sequence];
      if (length < 0 || length > steps) {
        throw Check.refusal("Sequence %d is to have %d steps, and the run has %d. A length is 0 to that.", sequence,
            length, steps);
      }
      for (Layout other : derived) {
        if (length > 0 && other.axis.steps(length) == 0) {
          throw Check.refusal("Sequence %d has %d steps, which leaves none in %s. Give it more, or give no windows that"
              + " long.", sequence, length, other.named);
        }
      }
    }
  }

  /** The most steps that a sequence has on an axis, by the lengths that were checked last. */
  public int longestGiven(Axis along, int batch) {
    int longest = 0;
    for (int sequence = 0; sequence < batch; sequence++) {
      longest = Math.max(longest, given[sequence]);
    }
    return along.steps(longest);
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
    places();
    uniform = first[steps] == steps * batch;
    for (Layout other : derived) {
      other.follow(this);
    }
  }

  private void places() {
    first[0] = 0;
    for (int step = 0; step < steps; step++) {
      first[step + 1] = first[step] + active[step];
    }
  }

  /** The steps that follow from the run's, in its order of sequences. */
  private void follow(Layout origin) {
    steps = axis.steps(origin.steps);
    batch = origin.batch;
    run = origin.run;
    uniform = origin.uniform;
    System.arraycopy(origin.order, 0, order, 0, batch);
    int step = steps;
    active[steps] = 0;
    for (int position = 0; position < batch; position++) {
      length[position] = axis.steps(origin.length[position]);
      for (; step > length[position]; step--) {
        active[step - 1] = position;
      }
    }
    Arrays.fill(active, 0, step, batch);
    places();
  }

  /** The rows along an axis, which a slot has that this was made for. */
  public Layout along(Axis other) {
    if (axis.equals(other)) {
      return this;
    }
    for (Layout one : derived) {
      if (one.axis.equals(other)) {
        return one;
      }
    }
    throw Check.refusal("The steps %s were asked for, and this run has none such.", other);
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

  /** Whether all sequences have all steps of the run: then they stand in the caller's order. */
  public boolean uniform() {
    return uniform;
  }

  /** Whether the rows of a slot lie here as the caller has them. */
  public boolean plain(Slot slot) {
    return uniform && (callers == Order.TIME_MAJOR || slot.extent() == Slot.Extent.BATCH);
  }

  /** The row, in the caller's data, of a step of the sequence at a position. */
  public long place(int step, int position) {
    return callers == Order.TIME_MAJOR ? (long) step * batch + order[position] : (long) order[position] * steps + step;
  }

  /** Copies a slot's rows from the caller's order to this one, leaving the padding of STEPS out. */
  public void pack(Slot slot, MemorySegment source, MemorySegment target) {
    transfer(slot, source, target, true);
  }

  /** Copies a slot's rows from this order to the caller's; of an OUTPUT the padding becomes 0. */
  public void unpack(Slot slot, MemorySegment source, MemorySegment target) {
    if (slot.role() == Slot.Role.OUTPUT && !uniform()) {
      target.fill((byte) 0);
    }
    transfer(slot, target, source, false);
  }

  private void transfer(Slot slot, MemorySegment plain, MemorySegment packed, boolean pack) {
    MemorySegment source = pack ? plain : packed;
    MemorySegment target = pack ? packed : plain;
    if (plain(slot)) {
      boolean there = source.isNative() && target.isNative() && source.address() == target.address();
      MemorySegment.copy(source, 0, target, 0, there ? 0 : slot.bytes(steps, batch));
      return;
    }
    long width = slot.rowBytes();
    if (slot.extent() != Slot.Extent.STEPS) {
      int rows = slot.role() == Slot.Role.OUTPUT ? active[0] : batch;
      for (int position = 0; position < rows; position++) {
        move(source, target, pack, width * order[position], width * position, width);
      }
      return;
    }
    along(slot.axis()).moveSteps(source, target, pack, slot.rowBytes());
  }

  private void moveSteps(MemorySegment source, MemorySegment target, boolean pack, long width) {
    for (int step = 0; step < longest(); step++) {
      for (int position = 0; position < active[step]; position++) {
        move(source, target, pack, width * place(step, position), width * (first[step] + position), width);
      }
    }
  }

  private static void move(MemorySegment source, MemorySegment target, boolean pack, long there, long here,
      long width) {
    MemorySegment.copy(source, pack ? there : here, target, pack ? here : there, width);
  }
}
