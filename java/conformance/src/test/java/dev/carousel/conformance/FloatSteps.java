package dev.carousel.conformance;

import dev.carousel.conformance.FloatKernels.Rows;
import dev.carousel.spi.Kernels.Kernel;
import dev.carousel.spi.Layout;
import dev.carousel.spi.form.AcrossSteps;
import dev.carousel.spi.form.Axis;
import dev.carousel.spi.form.Slot;
import dev.carousel.spi.form.View;
import dev.carousel.spi.form.Window;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The operations across steps in float, a sequence at a time, with the flaw put in. */
record FloatSteps(FloatKernels kernels) {
  /** The rows of the sequence at a position: a row a step, or one row. */
  private record Sequence(Rows rows, Layout along, int position) {
    static Sequence of(FloatKernels kernels, View view, Layout layout, int position) {
      return new Sequence(kernels.rows(view), layout.along(view.slot().axis()), position);
    }

    private int first(int step) {
      return rows.view().slot().extent() == Slot.Extent.STEPS ? along.first(step) : 0;
    }

    int length() {
      return along.length(position);
    }

    float get(int step, int column) {
      return rows.get(first(step), position, column);
    }

    void set(int step, int column, float value) {
      rows.set(first(step), position, column, value);
    }
  }

  /** What becomes of a sequence. */
  private interface Change {
    void make(Layout layout, Sequence in, Sequence out);
  }

  Kernel bind(AcrossSteps operation) {
    int columns = operation.in().columns();
    return switch (operation) {
      case AcrossSteps.LastStep op -> each(op, (_, in, out) -> {
        int step = in.length() - (kernels.flaw() == Flaw.OFF_BY_ONE && in.length() > 1 ? 2 : 1);
        for (int j = 0; j < columns; j++) {
          out.set(0, j, in.get(step, j));
        }
      });
      case AcrossSteps.Pool op -> each(op, (layout, in, out) -> {
        int divisor = kernels.flaw() == Flaw.COUNTED_PADDING ? layout.along(op.in().slot().axis()).steps()
            : in.length();
        for (int j = 0; j < columns; j++) {
          out.set(0, j, pool(op.rule(), in, 0, 1, in.length(), divisor, j));
        }
      });
      case AcrossSteps.WindowPool op -> windowPool(op);
      case AcrossSteps.SoftmaxSteps op -> each(op, (_, in, out) -> softmax(in, out, columns));
      case AcrossSteps.WeightedSum op -> weightedSum(op);
      case AcrossSteps.Gather op -> gather(op);
      case AcrossSteps.Repeat op -> each(op, (_, in, out) -> {
        for (int step = 0; step < out.length(); step++) {
          for (int j = 0; j < columns; j++) {
            out.set(step, j, in.get(0, j));
          }
        }
      });
      case AcrossSteps.Flatten op -> each(op, (_, in, out) -> {
        for (int j = 0; j < op.out().columns(); j++) {
          out.set(0, j, j / columns < in.length() ? in.get(j / columns, j % columns) : 0);
        }
      });
    };
  }

  private Kernel each(AcrossSteps op, Change change) {
    return (layout, _, _) -> {
      for (int position = 0; position < layout.active(0); position++) {
        change.make(layout, Sequence.of(kernels, op.in(), layout, position),
            Sequence.of(kernels, op.out(), layout, position));
      }
    };
  }

  private static float pool(AcrossSteps.Pool.Rule rule, Sequence in, int first, int apart, int count, int divisor,
      int column) {
    boolean max = rule == AcrossSteps.Pool.Rule.MAX;
    float result = max ? Float.NEGATIVE_INFINITY : 0;
    int there = 0;
    for (int i = count - 1; i >= 0; i--) {
      int step = first + i * apart;
      if (step >= 0 && step < in.length()) {
        float value = in.get(step, column);
        result = max ? Math.max(result, value) : result + value;
        there++;
      }
    }
    return rule == AcrossSteps.Pool.Rule.MEAN ? result / (divisor == 0 ? there : divisor) : result;
  }

  private Kernel windowPool(AcrossSteps.WindowPool op) {
    Window window = op.window();
    Map<Integer, int[]> before = new HashMap<>();
    return each(op, (layout, in, out) -> {
      for (int step = 0; step < steps(layout, out, before); step++) {
        int begin = window.begin(step, padded(layout, op.in().slot().axis(), in));
        for (int j = 0; j < op.out().columns(); j++) {
          out.set(step, j, pool(op.rule(), in, begin, window.dilation(), window.width(),
              op.padded() ? window.width() : 0, j));
        }
      }
    });
  }

  /** The steps of a result; of the first ragged run of as many sequences where those are stale. */
  private int steps(Layout layout, Sequence out, Map<Integer, int[]> before) {
    if (kernels.flaw() != Flaw.STALE_AXIS || layout.uniform() || out.along().equals(layout)) {
      return out.length();
    }
    int[] first = before.computeIfAbsent(layout.batch(), batch -> {
      int[] lengths = new int[batch];
      for (int position = 0; position < batch; position++) {
        lengths[position] = out.along().length(position);
      }
      return lengths;
    });
    return Math.min(out.length(), first[out.position()]);
  }

  /** The steps of a sequence that its padding is for. */
  private int padded(Layout layout, Axis axis, Sequence in) {
    return kernels.flaw() == Flaw.PADDING_OF_THE_LONGEST ? layout.along(axis).longest() : in.length();
  }

  private static void softmax(Sequence in, Sequence out, int columns) {
    for (int j = 0; j < columns; j++) {
      float largest = pool(AcrossSteps.Pool.Rule.MAX, in, 0, 1, in.length(), 1, j);
      float sum = 0;
      for (int step = in.length() - 1; step >= 0; step--) {
        sum += (float) Math.exp(in.get(step, j) - largest);
      }
      for (int step = 0; step < in.length(); step++) {
        out.set(step, j, (float) Math.exp(in.get(step, j) - largest) / sum);
      }
    }
  }

  private Kernel weightedSum(AcrossSteps.WeightedSum op) {
    int columns = op.in().columns();
    return each(op, (layout, in, out) -> {
      Sequence weights = Sequence.of(kernels, op.weights(), layout, in.position());
      for (int j = 0; j < op.out().columns(); j++) {
        float sum = 0;
        for (int step = in.length() - 1; step >= 0; step--) {
          sum += weights.get(step, j / columns) * in.get(step, j % columns);
        }
        out.set(0, j, sum);
      }
    });
  }

  private Kernel gather(AcrossSteps.Gather op) {
    Window window = op.window();
    int columns = op.in().columns();
    Map<Integer, int[]> before = new HashMap<>();
    return each(op, (layout, in, out) -> {
      int row = kernels.flaw() == Flaw.SHARED_HISTORY ? 0 : in.position();
      Sequence history = op.history() == null ? null : Sequence.of(kernels, op.history(), layout, row);
      int kept = window.reach() - 1;
      for (int step = 0; step < steps(layout, out, before); step++) {
        int begin = window.begin(step, padded(layout, op.in().slot().axis(), in));
        for (int j = 0; j < op.out().columns(); j++) {
          int from = begin + j / columns * window.dilation();
          out.set(step, j, element(in, history, kept, from, j % columns, columns));
        }
      }
      for (int i = 0; history != null && kernels.flaw() != Flaw.LOST_HISTORY && i < kept * columns; i++) {
        int from = in.length() - kept + i / columns;
        history.set(0, i, element(in, history, kept, from, i % columns, columns));
      }
    });
  }

  /** An element of a step: kept from before the first, 0 beyond the last. */
  private float element(Sequence in, @Nullable Sequence history, int kept, int step, int column, int columns) {
    if (step < 0) {
      return history == null ? 0 : history.get(0, (kept + step) * columns + column);
    }
    boolean there = kernels.flaw() == Flaw.NEIGHBOUR_ROWS
        ? in.along().first(Math.min(step, in.along().steps())) + in.position() < in.along().rows()
        : step < in.length();
    return there ? in.get(Math.min(step, in.along().steps()), column) : 0;
  }
}
