package dev.carousel.formats.run;

import dev.carousel.Embedding;
import dev.carousel.Predictor;
import dev.carousel.formats.data.Element;
import dev.carousel.formats.model.Padding;
import dev.carousel.formats.model.Port;
import dev.carousel.formats.model.SavedModel;
import dev.carousel.spi.HostMemory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Room for a part of the batch and some of its steps, and their way from the inputs to the outputs. */
final class Part {
  private final SavedModel model;
  private final Given rows;
  private final Predictor predictor;
  private final List<BatchRun.Sink> sinks;
  private final int table; // rows of the table that indices are into; 0 where there are none
  private final MemorySegment in; // [steps][sequences][inputs], floats or indices
  private final MemorySegment out; // [steps][sequences][outputs], or [sequences][outputs]
  private final MemorySegment empty; // [outputs]: the row of what was not computed
  private int first; // sequence of the batch
  private int count; // sequences

  Part(SavedModel model, Given rows, Predictor predictor, Arena arena, int steps, int sequences,
      List<BatchRun.Sink> sinks, float[] empty) {
    this.model = model;
    this.rows = rows;
    this.predictor = predictor;
    this.sinks = sinks;
    this.empty = MemorySegment.ofArray(empty);
    table = model.network().layers().getFirst() instanceof Embedding embedding ? embedding.vocabulary() : 0;
    int lines = model.network().returnsSequence() ? steps : 1;
    in = HostMemory.allocate(arena, 4.0 * steps * sequences * model.network().inputs(), "The input of a part");
    out = HostMemory.allocate(arena, 4.0 * lines * sequences * model.network().outputs(), "The output of a part");
  }

  /** Turns to other sequences, with the states that were given for them, or none. */
  void begin(int firstSequence, int sequences, List<Given> states) {
    first = firstSequence;
    count = sequences;
    predictor.states().reset();
    for (Given state : states) {
      int width = state.port().columns();
      MemorySegment given = MemorySegment.ofArray(new float[count * width]);
      state.read(given, 0, 1, first, count);
      int column = 0;
      for (String name : state.port().states()) {
        float[] vectors = new float[count * predictor.states().width(name)];
        copy(given, width, column, MemorySegment.ofArray(vectors), vectors.length / count, 0, vectors.length / count);
        predictor.states().write(name, vectors);
        column += vectors.length / count;
      }
    }
  }

  /** Runs some steps; with the last of them goes what there is once a sequence. */
  void run(int firstStep, int steps, int @Nullable [] lengths, boolean last) {
    boolean sequence = model.network().returnsSequence();
    MemorySegment data = in.asSlice(0, 4L * steps * count * model.network().inputs());
    MemorySegment results = out.asSlice(0, 4L * (sequence ? steps : 1) * count * model.network().outputs());
    if (model.network().takesIndices()) {
      indices(data, firstStep, steps, lengths);
    } else {
      rows.read(data, firstStep, steps, first, count);
    }
    predictor.advance(data, steps, count, lengths, results);
    for (BatchRun.Sink sink : sinks) {
      if (sink.port().content() == Port.Content.RESULTS) {
        for (int step = 0; step < steps && (sequence || (last && step == 0)); step++) {
          results(sink, results, firstStep, step, steps, lengths);
        }
      } else if (last) {
        states(sink, lengths);
      }
    }
  }

  /** What stands in the padding does not matter. */
  private void indices(MemorySegment data, int firstStep, int steps, int @Nullable [] lengths) {
    for (int step = 0; step < steps; step++) {
      for (int i = 0; i < count; i++) {
        boolean valid = lengths == null || step < lengths[i];
        Element.I32.setLong(data, (long) step * count + i, valid ? rows.index(firstStep + step, first + i, table) : 0);
      }
    }
  }

  /** The results of one step, or of all where there is one row a sequence. */
  private void results(BatchRun.Sink sink, MemorySegment results, int firstStep, int step, int steps,
      int @Nullable [] lengths) {
    Padding padding = model.signature().padding();
    for (int i = 0; i < count; i++) {
      int length = lengths == null ? steps : lengths[i];
      if (step < length || padding == Padding.ZERO) {
        sink.write(results, (long) step * count + i, firstStep + step, first + i);
      } else if (padding == Padding.REPEAT && length > 0) {
        sink.write(results, (long) (length - 1) * count + i, firstStep + step, first + i);
      } else {
        sink.write(empty, 0, firstStep + step, first + i);
      }
    }
  }

  private void states(BatchRun.Sink sink, int @Nullable [] lengths) {
    int width = sink.port().columns();
    MemorySegment row = MemorySegment.ofArray(new float[count * width]);
    int column = 0;
    for (String name : sink.port().states()) {
      float[] vectors = new float[count * predictor.states().width(name)];
      predictor.states().read(name, vectors);
      copy(MemorySegment.ofArray(vectors), vectors.length / count, 0, row, width, column, vectors.length / count);
      column += vectors.length / count;
    }
    for (int i = 0; i < count; i++) {
      if (lengths != null && lengths[i] == 0 && model.signature().padding() != Padding.ZERO) {
        row.asSlice(4L * i * width, 4L * width).fill((byte) 0);
      }
      sink.write(row, i, 0, first + i);
    }
  }

  /** Some columns of rows, to columns of others. */
  private void copy(MemorySegment from, int fromWidth, int fromColumn, MemorySegment to, int toWidth, int toColumn,
      int columns) {
    for (long i = 0; i < count; i++) {
      MemorySegment.copy(from, 4 * (i * fromWidth + fromColumn), to, 4 * (i * toWidth + toColumn), 4L * columns);
    }
  }
}
