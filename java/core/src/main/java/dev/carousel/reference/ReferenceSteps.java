package dev.carousel.reference;

import dev.carousel.spi.Kernels.Kernel;
import dev.carousel.spi.Layout;
import dev.carousel.spi.form.AcrossSteps;
import dev.carousel.spi.form.Axis;
import dev.carousel.spi.form.View;
import dev.carousel.spi.form.Window;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The operations across steps as they are defined, a sequence at a time. */
record ReferenceSteps(ReferenceKernels kernels) {
  /** What becomes of the sequence at a position. */
  @FunctionalInterface
  private interface Sequence {
    void compute(Steps in, Steps out);
  }

  /**
   * The elements of the sequence at a position: by step, which is 0 where there is a row a sequence, and column. It is
   * moved from one sequence to the next, since a call is to make no objects.
   */
  private static final class Steps {
    private final Rows rows;
    private final Axis axis;
    private @Nullable Layout layout; // of the run
    private @Nullable Layout along; // of the axis
    private int position;

    Steps(View view, ReferenceKernels kernels) {
      rows = kernels.rows(view);
      axis = view.slot().axis();
    }

    Steps at(Layout run, int sequence) {
      layout = run;
      along = run.along(axis);
      position = sequence;
      return this;
    }

    /** Moves to the sequence at which another is. */
    void beside(Steps other) {
      at(Objects.requireNonNull(other.layout), other.position);
    }

    int length() {
      return rows().length(position);
    }

    private Layout rows() {
      return Objects.requireNonNull(along);
    }

    private long at(int step, int column) {
      return rows.at(rows.perStep() ? rows().first(step) : 0, position) + column;
    }

    double get(int step, int column) {
      return rows.get(at(step, column));
    }

    void set(int step, int column, double value) {
      rows.set(at(step, column), value);
    }
  }

  Kernel bind(AcrossSteps operation) {
    int columns = operation.in().columns();
    return switch (operation) {
      case AcrossSteps.LastStep op ->
        each(op.in(), op.out(), (in, out) -> copy(in, in.length() - 1, out, 0, 0, columns));
      case AcrossSteps.Pool op -> each(op.in(), op.out(), (in, out) -> {
        for (int column = 0; column < columns; column++) {
          out.set(0, column, pooled(op.rule(), in, 0, 1, in.length(), in.length(), column));
        }
      });
      case AcrossSteps.WindowPool op -> each(op.in(), op.out(), (in, out) -> windowPool(op, in, out));
      case AcrossSteps.SoftmaxSteps op -> each(op.in(), op.out(), (in, out) -> softmax(columns, in, out));
      case AcrossSteps.WeightedSum op -> weightedSum(op);
      case AcrossSteps.Gather op -> gather(op);
      case AcrossSteps.Repeat op -> each(op.in(), op.out(), (in, out) -> {
        for (int step = 0; step < out.length(); step++) {
          copy(in, 0, out, step, 0, columns);
        }
      });
      case AcrossSteps.Flatten op -> each(op.in(), op.out(), (in, out) -> {
        for (int step = 0; step < op.steps(); step++) {
          for (int column = 0; column < columns; column++) {
            out.set(0, step * columns + column, step < in.length() ? in.get(step, column) : 0);
          }
        }
      });
    };
  }

  private Kernel each(View from, View to, Sequence sequence) {
    Steps in = new Steps(from, kernels);
    Steps out = new Steps(to, kernels);
    return (layout, _, _) -> {
      for (int position = 0; position < layout.active(0); position++) {
        sequence.compute(in.at(layout, position), out.at(layout, position));
      }
    };
  }

  private static void copy(Steps in, int from, Steps out, int to, int first, int columns) {
    for (int column = 0; column < columns; column++) {
      out.set(to, first + column, in.get(from, column));
    }
  }

  /** The steps from one on, so far apart, so many of them, those beyond the sequence left out. */
  private static double pooled(AcrossSteps.Pool.Rule rule, Steps in, int first, int apart, int count, int divisor,
      int column) {
    double result = rule == AcrossSteps.Pool.Rule.MAX ? Double.NEGATIVE_INFINITY : 0;
    int there = 0;
    for (int i = 0; i < count; i++) {
      int step = first + i * apart;
      if (step >= 0 && step < in.length()) {
        double value = in.get(step, column);
        result = rule == AcrossSteps.Pool.Rule.MAX ? Math.max(result, value) : result + value;
        there++;
      }
    }
    return rule == AcrossSteps.Pool.Rule.MEAN ? result / (divisor == 0 ? there : divisor) : result;
  }

  private static void windowPool(AcrossSteps.WindowPool op, Steps in, Steps out) {
    Window window = op.window();
    for (int step = 0; step < out.length(); step++) {
      int first = window.begin(step, in.length());
      for (int column = 0; column < op.out().columns(); column++) {
        out.set(step, column, pooled(op.rule(), in, first, window.dilation(), window.width(),
            op.padded() ? window.width() : 0, column));
      }
    }
  }

  private static void softmax(int columns, Steps in, Steps out) {
    for (int column = 0; column < columns; column++) {
      double largest = pooled(AcrossSteps.Pool.Rule.MAX, in, 0, 1, in.length(), 1, column);
      double sum = 0;
      for (int step = 0; step < in.length(); step++) {
        sum += Math.exp(in.get(step, column) - largest);
      }
      for (int step = 0; step < in.length(); step++) {
        out.set(step, column, Math.exp(in.get(step, column) - largest) / sum);
      }
    }
  }

  private Kernel weightedSum(AcrossSteps.WeightedSum op) {
    Steps weights = new Steps(op.weights(), kernels);
    int columns = op.in().columns();
    return each(op.in(), op.out(), (in, out) -> {
      weights.beside(in);
      for (int i = 0; i < op.out().columns(); i++) {
        double sum = 0;
        for (int step = 0; step < in.length(); step++) {
          sum += weights.get(step, i / columns) * in.get(step, i % columns);
        }
        out.set(0, i, sum);
      }
    });
  }

  private Kernel gather(AcrossSteps.Gather op) {
    Steps history = op.history() == null ? null : new Steps(op.history(), kernels);
    Window window = op.window();
    int columns = op.in().columns();
    int kept = window.reach() - 1;
    return each(op.in(), op.out(), (in, out) -> {
      if (history != null) {
        history.beside(in);
      }
      for (int result = 0; result < out.length(); result++) {
        for (int tap = 0; tap < window.width(); tap++) {
          int step = window.begin(result, in.length()) + tap * window.dilation();
          for (int column = 0; column < columns; column++) {
            out.set(result, tap * columns + column, row(in, history, kept, step, column, columns));
          }
        }
      }
      for (int i = 0; history != null && i < kept; i++) { // a later row moves to where an earlier one was
        for (int column = 0; column < columns; column++) {
          history.set(0, i * columns + column, row(in, history, kept, in.length() - kept + i, column, columns));
        }
      }
    });
  }

  /** An element of a step that may lie before the first, where so many rows are kept, or beyond the sequence. */
  private static double row(Steps in, @Nullable Steps history, int kept, int step, int column, int columns) {
    if (step >= 0) {
      return step < in.length() ? in.get(step, column) : 0;
    }
    return history == null ? 0 : history.get(0, (kept + step) * columns + column);
  }
}
