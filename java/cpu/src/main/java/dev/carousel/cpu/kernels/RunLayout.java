package dev.carousel.cpu.kernels;

import dev.carousel.cpu.bindings.carousel_layout;
import dev.carousel.spi.Layout;
import dev.carousel.spi.form.Axis;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** The rows of a session's runs along an axis, as native code reads them: a carousel_layout, written once a run. */
public final class RunLayout {
  private final Axis axis;
  private final MemorySegment layout; // carousel_layout
  private final MemorySegment active; // [most steps]
  private final MemorySegment first; // [most steps]
  private final MemorySegment length; // [maxBatch]
  private long run; // that was written, or 0

  /** That of the largest run. */
  public RunLayout(Axis axis, int maxSteps, int maxBatch) {
    this.axis = axis;
    int steps = Math.max(1, axis.steps(maxSteps));
    Arena arena = Arena.ofAuto(); // small, and freed with the session
    layout = carousel_layout.allocate(arena);
    active = arena.allocate(ValueLayout.JAVA_INT, steps);
    first = arena.allocate(ValueLayout.JAVA_INT, steps);
    length = arena.allocate(ValueLayout.JAVA_INT, maxBatch);
    carousel_layout.steps(layout, steps);
    carousel_layout.batch(layout, maxBatch);
  }

  /** What native code reads; it stays where it is. */
  public MemorySegment address() {
    return layout;
  }

  /** Writes a run, unless that has been done; one of sequences that are all as long needs no tables. */
  public void write(Layout layout) {
    if (layout.run() != run) {
      run = layout.run();
      write(layout.along(axis), layout.active(0));
    }
  }

  private void write(Layout along, int batch) {
    carousel_layout.steps(layout, along.longest());
    carousel_layout.batch(layout, batch);
    if (along.uniform()) {
      carousel_layout.active(layout, MemorySegment.NULL);
      carousel_layout.first(layout, MemorySegment.NULL);
      carousel_layout.length(layout, MemorySegment.NULL);
      return;
    }
    for (int step = 0; step < along.longest(); step++) {
      active.setAtIndex(ValueLayout.JAVA_INT, step, along.active(step));
      first.setAtIndex(ValueLayout.JAVA_INT, step, along.first(step));
    }
    for (int position = 0; position < batch; position++) {
      length.setAtIndex(ValueLayout.JAVA_INT, position, along.length(position));
    }
    carousel_layout.active(layout, active);
    carousel_layout.first(layout, first);
    carousel_layout.length(layout, length);
  }
}
