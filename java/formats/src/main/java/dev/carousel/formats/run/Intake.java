package dev.carousel.formats.run;

import dev.carousel.Columns;
import dev.carousel.Embedding;
import dev.carousel.Network;
import dev.carousel.formats.data.Element;
import dev.carousel.formats.model.Port;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An input of a network and the columns of a port that it comes from. */
final class Intake {
  private final Lane lane;
  private final int port; // among the model's inputs
  private final int column; // the first that is its own
  private final int[] tables; // [width]: rows of the table that a column's indices are into; none of floats

  Intake(Network network, Lane lane, int port, int column) {
    this.lane = lane;
    this.port = port;
    this.column = column;
    tables = lane.indices() ? tables(network, lane) : new int[0];
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

  private static int[] tables(Network network, Lane lane) {
    int[] tables = new int[lane.width()];
    Arrays.fill(tables, Integer.MAX_VALUE);
    Map<String, Integer> columns = new HashMap<>(Map.of(lane.name(), 0)); // the first of what a node gives
    for (Network.Node node : network.nodes()) {
      Integer first = columns.get(node.reads().getFirst());
      if (first != null && node.layer() instanceof Columns some) {
        columns.put(node.name(), first + some.first());
      } else if (first != null && node.layer() instanceof Embedding table) {
        tables[first] = Math.min(tables[first], table.vocabulary());
      }
    }
    return tables;
  }

  /** The rows of some sequences at some steps as a predictor takes them; what stands in the padding does not matter. */
  MemorySegment take(Bound bound, Pass pass, int @Nullable [] valid) {
    int lines = lane.lines(pass.steps());
    int firstLine = lane.perStep() ? pass.firstStep() : 0;
    int first = pass.first();
    int count = pass.count();
    MemorySegment lent = bound.lent(lane, firstLine, lines, first, count);
    if (lent != null) {
      return lent;
    }
    MemorySegment rows = lane.room(lines, count);
    for (int line = 0; line < lines; line++) {
      for (int i = 0; i < count; i++) {
        long row = lane.row(line, i, lines, count);
        if (!lane.indices()) {
          bound.readRow(column, lane.width(), firstLine + line, first + i, rows, row);
        } else {
          indices(bound, valid == null || (lane.perStep() ? line : 0) < valid[i], firstLine + line, first + i, rows,
              row);
        }
      }
    }
    return rows;
  }

  private void indices(Bound bound, boolean valid, int step, int sequence, MemorySegment rows, long row) {
    for (int i = 0; i < lane.width(); i++) {
      int index = valid ? bound.index(column + i, step, sequence, tables[i]) : 0;
      Element.I32.setLong(rows, row * lane.width() + i, index);
    }
  }
}
