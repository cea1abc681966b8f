package dev.carousel.spi.form;

import org.jspecify.annotations.Nullable;

/**
 * A row that depends on several steps of its sequence, or stands at several: such operations stand outside of scans, and a
 * run in parts of its steps is another run, but for {@link Gather} with a history. Only a sequence's own steps count, as
 * if it stood alone; what a sequence of no steps would give is not computed.
 */
public sealed interface AcrossSteps extends Operation {
  View in();

  View out();

  /** The row of each sequence's own last step: {@code out[sequence] = in[length - 1][sequence]}. */
  record LastStep(View in, View out) implements AcrossSteps {
    public LastStep {
      Check.mapping("last_step", in, out);
      Check.extents("last_step", in, Slot.Extent.STEPS, out, Slot.Extent.BATCH);
    }
  }

  /** The rows of all steps of a sequence as one, column by column. */
  record Pool(Rule rule, View in, View out) implements AcrossSteps {
    /** How: their sum, their mean, the largest; NaN among them gives NaN. */
    public enum Rule {
      SUM, MEAN, MAX
    }

    public Pool {
      Check.mapping("pool", in, out);
      Check.extents("pool", in, Slot.Extent.STEPS, out, Slot.Extent.BATCH);
    }
  }

  /**
   * The rows of each window as one, column by column: their mean or the largest.
   *
   * @param padded whether a mean is that of the window's width, steps beyond the sequence being 0, rather than of the steps
   *          that are there
   */
  record WindowPool(Pool.Rule rule, Window window, boolean padded, View in, View out) implements AcrossSteps {
    public WindowPool {
      Check.windowed("window_pool", window, in, out);
      Check.columns("window_pool", in, out.columns());
      Check.argument(rule != Pool.Rule.SUM, "window_pool is to add up %s. It takes MEAN or MAX.", in);
      Check.argument(rule == Pool.Rule.MEAN || !padded, "window_pool is to take the largest of %s and count steps that"
          + " are not there.", in);
      Check.argument(window.before() < window.reach() && window.after() < window.reach(),
          "window_pool of %s has windows %s that hold no step of a sequence. Give it less padding.", in, window);
    }
  }

  /** The softmax of each column over the steps of a sequence, the largest element subtracted first. */
  record SoftmaxSteps(View in, View out) implements AcrossSteps {
    public SoftmaxSteps {
      Check.mapping("softmax_steps", in, out);
      Check.extents("softmax_steps", in, Slot.Extent.STEPS, out, Slot.Extent.STEPS);
    }
  }

  /** The sum of rows, each times its step's weight: a row for each column of weights, side by side. */
  record WeightedSum(View weights, View in, View out) implements AcrossSteps {
    public WeightedSum {
      Check.readable("weighted_sum", weights);
      Check.readable("weighted_sum", in);
      Check.writable("weighted_sum", out);
      Check.columns("weighted_sum", out, Math.multiplyExact(weights.columns(), in.columns()));
      Check.extents("weighted_sum", in, Slot.Extent.STEPS, out, Slot.Extent.BATCH);
      Check.extents("weighted_sum", weights, Slot.Extent.STEPS, out, Slot.Extent.BATCH);
      Check.argument(weights.slot().axis().equals(in.slot().axis()),
          "weighted_sum takes a row of %s for each of %s: give both the same steps.", weights, in);
    }
  }

  /**
   * The rows of each window side by side, the first step's first; those beyond the sequence are 0. A product with it is a
   * convolution over time.
   *
   * @param history of a window that streams the rows before the first step, the latest last, and after the run those
   *          before the step that is to come; or null, when a sequence comes as a whole
   */
  record Gather(Window window, View in, @Nullable View history, View out) implements AcrossSteps {
    public Gather {
      Check.windowed("gather", window, in, out);
      Check.columns("gather", out, Math.multiplyExact(window.width(), in.columns()));
      if (history != null) {
        Check.argument(window.streams() && history.slot().role() == Slot.Role.STATE,
            "gather is to keep the rows before %s in %s: that is for STATE, and for windows that end with their step.",
            in,
            history);
        Check.columns("gather", history, Math.multiplyExact(window.reach() - 1, in.columns()));
      }
    }
  }

  /** A sequence's row at each of its steps. */
  record Repeat(View in, View out) implements AcrossSteps {
    public Repeat {
      Check.mapping("repeat", in, out);
      Check.extents("repeat", in, Slot.Extent.BATCH, out, Slot.Extent.STEPS);
    }
  }

  /** The rows of all steps side by side, 0 beyond a sequence's end. A longer sequence is refused when a run begins. */
  record Flatten(View in, View out) implements AcrossSteps {
    public Flatten {
      Check.readable("flatten", in);
      Check.writable("flatten", out);
      Check.extents("flatten", in, Slot.Extent.STEPS, out, Slot.Extent.BATCH);
      Check.argument(out.columns() % in.columns() == 0,
          "flatten is to put rows of %s side by side in %s, where the last"
              + " one would be cut. Make it a multiple as wide.",
          in, out);
    }

    /** How many steps there is room for. */
    public int steps() {
      return out.columns() / in.columns();
    }
  }
}
