package dev.carousel.spi.form;

/**
 * What the steps of a slot count. A run gives one axis; others follow from it, sequence by sequence, and never have more
 * steps where the run has fewer: one order of sequences, from long to short, is that of all axes.
 */
public sealed interface Axis {
  /** The steps of the run. */
  Axis RUN = new Given();

  /** The steps of a sequence that has so many in the run; none has none. */
  int steps(int given);

  /** The steps of the run; {@link #RUN} is all there is of it. */
  record Given() implements Axis {
    @Override
    public int steps(int given) {
      return given;
    }

    @Override
    public String toString() {
      return "T";
    }
  }

  /**
   * Results of windows over the steps of another axis: {@code (steps + change) / stride + 1}, rounded down, 0 where the
   * first window does not fit. Two that are alike in all runs are equal, so results of different windows can be put
   * together: see {@link #of}.
   */
  record Derived(Axis from, int stride, int change) implements Axis {
    public Derived {
      Check.argument(stride > 0, "An axis with a stride of %d was asked for; it takes at least 1.", stride);
    }

    /**
     * The axis in its simplest form: windows over windows are windows over the first steps, and of a fixed number is
     * another. It may be {@code from} itself. Where {@code from} leaves a sequence without a step, which is refused, the
     * result need not.
     */
    static Axis of(Axis from, int stride, int change) {
      if (stride == 1 && change == -1) {
        return from;
      }
      return switch (from) {
        case Given given -> new Derived(given, stride, change);
        case Fixed fixed -> {
          long count = steps(fixed.count, stride, change);
          yield count > 0 ? new Fixed((int) Math.min(Integer.MAX_VALUE, count)) : new Derived(fixed, stride, change);
        }
        case Derived before -> {
          long strides = (long) before.stride * stride;
          long changes = (change + 1L) * before.stride + before.change;
          yield strides <= Integer.MAX_VALUE && changes == (int) changes
              ? of(before.from, (int) strides, (int) changes)
              : new Derived(before, stride, change);
        }
      };
    }

    @Override
    public int steps(int given) {
      int steps = from.steps(given);
      return steps == 0 ? 0 : (int) Math.min(Integer.MAX_VALUE, steps(steps, stride, change));
    }

    static long steps(int steps, int stride, int change) {
      long first = (long) steps + change;
      return first < 0 ? 0 : first / stride + 1;
    }

    @Override
    public String toString() {
      String before = from instanceof Given ? from.toString() : "(" + from + ")";
      String moved = change + 1 == 0 ? before : before + (change + 1 < 0 ? "-" : "+") + Math.abs(change + 1L);
      return stride == 1 ? moved
          : "(" + before + (change < 0 ? "-" : "+") + Math.abs((long) change) + ")/" + stride + "+1";
    }
  }

  /** So many steps of every sequence. */
  record Fixed(int count) implements Axis {
    public Fixed {
      Check.argument(count > 0, "An axis of %d steps was asked for; it takes at least 1.", count);
    }

    @Override
    public int steps(int given) {
      return given == 0 ? 0 : count;
    }

    @Override
    public String toString() {
      return Integer.toString(count);
    }
  }
}
