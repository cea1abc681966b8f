package dev.carousel.formats.run;

import dev.carousel.formats.model.Padding;
import dev.carousel.formats.model.Port;
import dev.carousel.spi.runtime.HostMemory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** An output of a network and the columns of a port that it goes to. */
final class Outlet {
  private final Lane lane;
  private final boolean alone; // whether no other part of a port is the same output
  private final int port; // among the model's outputs
  private final int column; // the first that is its own
  private final Padding padding;
  private final MemorySegment ends; // [sequences][width]: what stands at each sequence's end
  private final MemorySegment empty; // [width]: the row of what was not computed

  Outlet(Lane lane, boolean alone, int port, int column, Padding padding, float[] empty, int maxBatch) {
    this.lane = lane;
    this.alone = alone;
    this.port = port;
    this.column = column;
    this.padding = padding;
    this.empty = MemorySegment.ofArray(empty);
    ends = HostMemory.allocate(Arena.ofAuto(), 4.0 * maxBatch * lane.width(), "The last rows of " + lane.name());
  }

  int port() {
    return port;
  }

  String name() {
    return lane.name();
  }

  /** Whether the arrays of its port are just its rows. */
  boolean isPlain(Port whole) {
    return lane.isPlain(whole);
  }

  /** Where a predictor is to put the rows of a pass: to the array itself, if they are to lie there just so. */
  MemorySegment place(Bound bound, Pass pass) {
    MemorySegment lent = lent(bound, pass);
    return lent != null ? lent : lane.room(lane.lines(pass.steps()), pass.count());
  }

  private @Nullable MemorySegment lent(Bound bound, Pass pass) {
    return alone && (pass.whole() || lane.perStep())
        ? bound.lent(lane, firstLine(pass), lane.lines(pass.steps()), pass.first(), pass.count())
        : null;
  }

  private int firstLine(Pass pass) {
    return lane.perStep() && lane.follows() ? pass.firstStep() : 0;
  }

  /** Brings the rows of a pass, which are in that place, to the array, and what stands behind their ends. */
  void give(Bound bound, Pass pass) {
    boolean there = lent(bound, pass) != null;
    MemorySegment rows = place(bound, pass);
    if (there && (pass.lengths() == null || padding == Padding.ZERO)) {
      return;
    }
    keep(rows, pass);
    if (lane.perStep()) {
      steps(bound, rows, pass, there);
    } else if (pass.last()) {
      for (int i = 0; i < pass.count(); i++) {
        boolean none = pass.length(i) == 0;
        bound.writeRow(column, lane.width(), none ? empty : ends, none ? 0 : i, 0, pass.first() + i);
      }
    }
  }

  /** Keeps the rows of the sequences that end in a pass: they are the result, or are to be repeated. */
  private void keep(MemorySegment rows, Pass pass) {
    long bytes = 4L * lane.width();
    int lines = lane.lines(pass.steps());
    for (int i = 0; i < pass.count(); i++) {
      int step = pass.length(i) - 1 - pass.firstStep();
      if (step >= 0 && step < pass.steps()) {
        int line = lane.perStep() ? lane.lines(pass.length(i)) - 1 - firstLine(pass) : 0;
        MemorySegment.copy(rows, lane.row(line, i, lines, pass.count()) * bytes, ends, i * bytes, bytes);
      }
    }
  }

  private void steps(Bound bound, MemorySegment rows, Pass pass, boolean there) {
    int lines = lane.lines(pass.steps());
    int firstLine = firstLine(pass);
    for (int line = 0; line < lines; line++) {
      for (int i = 0; i < pass.count(); i++) {
        if (firstLine + line < lane.lines(pass.length(i))) {
          if (!there) {
            bound.writeRow(column, lane.width(), rows, lane.row(line, i, lines, pass.count()), firstLine + line,
                pass.first() + i);
          }
        } else {
          boolean repeats = padding == Padding.REPEAT && pass.length(i) > 0;
          bound.writeRow(column, lane.width(), repeats ? ends : empty, repeats ? i : 0, firstLine + line,
              pass.first() + i);
        }
      }
    }
  }
}
