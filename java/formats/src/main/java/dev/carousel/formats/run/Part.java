package dev.carousel.formats.run;

import dev.carousel.Embedding;
import dev.carousel.Predictor;
import dev.carousel.formats.data.Element;
import dev.carousel.formats.model.Axis;
import dev.carousel.formats.model.Padding;
import dev.carousel.formats.model.Port;
import dev.carousel.formats.model.SavedModel;
import dev.carousel.spi.runtime.HostMemory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
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
  private final MemorySegment ends; // [sequences][outputs]: what stands at each sequence's end
  private final int all; // steps of a sequence that has no length
  private int @Nullable [] lengths; // of these sequences; null where all have all steps
  private int first; // sequence of the batch
  private int count; // sequences

  Part(SavedModel model, Given rows, Predictor predictor, Arena arena, int steps, int sequences,
      List<BatchRun.Sink> sinks, float[] empty) {
    all = rows.count(Axis.Kind.STEPS);
    this.model = model;
    this.rows = rows;
    this.predictor = predictor;
    this.sinks = sinks;
    this.empty = MemorySegment.ofArray(empty);
    table = model.network().layers().getFirst() instanceof Embedding embedding ? embedding.vocabulary() : 0;
    int lines = model.network().returnsSequence() ? steps : 1;
    in = HostMemory.allocate(arena, 4.0 * steps * sequences * model.network().input().width(), "The input of a part");
    out = HostMemory.allocate(arena, 4.0 * lines * sequences * model.network().output().width(),
        "The output of a part");
    ends = HostMemory.allocate(arena, 4.0 * sequences * model.network().output().width(), "The last rows of a part");
  }

  /** Turns to other sequences, with the states that were given for them, or none; lengths are null where all are full. */
  void begin(int firstSequence, int sequences, List<Given> states, int @Nullable [] valid) {
    first = firstSequence;
    count = sequences;
    lengths = valid;
    predictor.states().reset();
    for (Given state : states) {
      int width = state.port().columns();
      MemorySegment given = MemorySegment.ofArray(new float[count * width]);
      state.read(given, 0, 1, first, count);
      int column = 0;
      for (String name : state.port().parts()) {
        float[] vectors = new float[count * predictor.states().width(name)];
        copy(given, width, column, MemorySegment.ofArray(vectors), vectors.length / count, 0, vectors.length / count);
        predictor.states().write(name, vectors);
        column += vectors.length / count;
      }
    }
  }

  /** Runs some steps; with the last of them goes what is known then. */
  void run(int firstStep, int steps, boolean last) {
    boolean sequence = model.network().returnsSequence();
    MemorySegment data = in.asSlice(0, 4L * steps * count * model.network().input().width());
    MemorySegment results = out.asSlice(0, 4L * (sequence ? steps : 1) * count * model.network().output().width());
    int[] valid = valid(firstStep, steps);
    if (model.network().takesIndices()) {
      indices(data, firstStep, steps, valid);
    } else {
      rows.read(data, firstStep, steps, first, count);
    }
    predictor.advance(data, steps, count, valid, results);
    keep(results, firstStep, steps);
    for (BatchRun.Sink sink : sinks) {
      if (sink.port().content() == Port.Content.STATES) {
        if (last) {
          states(sink);
        }
      } else if (sequence) {
        results(sink, results, firstStep, steps);
      } else if (last) {
        for (int i = 0; i < count; i++) {
          sink.write(length(i) == 0 ? empty : ends, length(i) == 0 ? 0 : i, 0, first + i);
        }
      }
    }
  }

  /** How many of some steps are valid; null where all are. */
  private int @Nullable [] valid(int firstStep, int steps) {
    return lengths == null ? null
        : Arrays.stream(lengths).map(length -> Math.clamp(length - firstStep, 0, steps)).toArray();
  }

  private int length(int sequence) {
    return lengths == null ? all : lengths[sequence];
  }

  /** Keeps the rows of the sequences that end among these steps: they are the result, or are to be repeated. */
  private void keep(MemorySegment results, int firstStep, int steps) {
    long bytes = 4L * model.network().output().width();
    boolean sequence = model.network().returnsSequence();
    for (int i = 0; i < count; i++) {
      int step = length(i) - 1 - firstStep;
      if (step >= 0 && step < steps) {
        long row = (sequence ? (long) step * count : 0) + i;
        MemorySegment.copy(results, row * bytes, ends, i * bytes, bytes);
      }
    }
  }

  /** What stands in the padding does not matter. */
  private void indices(MemorySegment data, int firstStep, int steps, int @Nullable [] among) {
    for (int step = 0; step < steps; step++) {
      for (int i = 0; i < count; i++) {
        boolean valid = among == null || step < among[i];
        Element.I32.setLong(data, (long) step * count + i, valid ? rows.index(firstStep + step, first + i, table) : 0);
      }
    }
  }

  private void results(BatchRun.Sink sink, MemorySegment results, int firstStep, int steps) {
    boolean repeats = model.signature().padding() == Padding.REPEAT;
    for (int step = 0; step < steps; step++) {
      for (int i = 0; i < count; i++) {
        if (firstStep + step < length(i)) {
          sink.write(results, (long) step * count + i, firstStep + step, first + i);
        } else if (repeats && length(i) > 0) {
          sink.write(ends, i, firstStep + step, first + i);
        } else {
          sink.write(empty, 0, firstStep + step, first + i);
        }
      }
    }
  }

  private void states(BatchRun.Sink sink) {
    int width = sink.port().columns();
    MemorySegment row = MemorySegment.ofArray(new float[count * width]);
    int column = 0;
    for (String name : sink.port().parts()) {
      float[] vectors = new float[count * predictor.states().width(name)];
      predictor.states().read(name, vectors);
      copy(MemorySegment.ofArray(vectors), vectors.length / count, 0, row, width, column, vectors.length / count);
      column += vectors.length / count;
    }
    for (int i = 0; i < count; i++) {
      if (length(i) == 0 && model.signature().padding() != Padding.ZERO) {
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
