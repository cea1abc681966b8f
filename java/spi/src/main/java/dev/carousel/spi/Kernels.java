package dev.carousel.spi;

import dev.carousel.spi.form.Axis;
import dev.carousel.spi.form.Operation;
import dev.carousel.spi.form.Scan;
import dev.carousel.spi.form.Slot;
import dev.carousel.spi.form.Step;
import java.util.List;

/** The operations of a back end, bound to the buffers of one session: all that a simple back end has to write. */
public interface Kernels {
  /** An operation with its buffers at hand. */
  @FunctionalInterface
  interface Kernel {
    /**
     * Computes so many rows; STEPS slots start at {@code stepRow}, BATCH slots at row 0. What looks across steps computes
     * all rows of its result.
     */
    void run(Layout layout, int stepRow, int rows);
  }

  /** One or several steps of a Program with their buffers at hand. */
  @FunctionalInterface
  interface Stage {
    /** Computes a whole run. */
    void run(Layout layout);
  }

  /** Binds an operation; called once a session. */
  Kernel bind(Operation operation);

  /** Binds the steps of a Program, each to run after the one before. Override it to run several at once. */
  default List<Stage> bind(List<Step> steps) {
    return steps.stream().map(step -> switch (step) {
      case Scan scan -> bind(scan);
      case Operation operation -> {
        Kernel kernel = bind(operation);
        Slot result = operation.writes().getFirst().slot();
        boolean batch = result.extent() == Slot.Extent.BATCH; // whatever the steps
        yield (Stage) layout -> kernel.run(layout, 0, batch ? layout.active(0) : layout.along(result.axis()).rows());
      }
    }).toList();
  }

  /** Binds a scan; called once a session. Override it to run a whole scan at once; this one walks it. */
  default Stage bind(Scan scan) {
    Kernel[] body = scan.body().stream().map(this::bind).toArray(Kernel[]::new);
    boolean forward = scan.direction() == Scan.Direction.FORWARD;
    Axis axis = scan.axis();
    return layout -> {
      Layout along = layout.along(axis);
      int steps = along.longest();
      for (int i = 0; i < steps; i++) {
        int step = forward ? i : steps - 1 - i;
        for (Kernel kernel : body) {
          kernel.run(layout, along.first(step), along.active(step));
        }
      }
    };
  }
}
