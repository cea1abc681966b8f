package dev.carousel.formats.run;

import static dev.carousel.spi.form.Check.argument;

import dev.carousel.Model;
import dev.carousel.Predictor;
import dev.carousel.formats.data.MappedFile;
import dev.carousel.formats.data.NdArray;
import dev.carousel.formats.model.Axis;
import dev.carousel.formats.model.Port;
import dev.carousel.formats.model.SavedModel;
import dev.carousel.formats.npy.Npy;
import dev.carousel.spi.runtime.HostMemory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A model with the arrays that it is to run on, all in its author's layout. Arrays may be mapped from files, as may what
 * results go to, and all that is done with this is then within {@link MappedFile#reading}: a run looks at a part of the
 * batch at a time, and of long sequences, with lengths or without, at a part of their steps where the network only reads
 * forwards. What memory it takes beside the arrays does not grow with them then.
 */
public final class BatchRun {
  private static final int ROWS = 1 << 16; // of a part, steps and sequences together: enough for any device to be busy

  private final SavedModel model;
  private final Given rows;
  private final List<Given> states = new ArrayList<>();
  private final Extents extents;
  private final int steps;
  private final int batch;

  private BatchRun(SavedModel model, Map<String, Npy> inputs, @Nullable NdArray lengths) {
    this.model = model;
    List<String> names = model.signature().inputs().stream().map(Port::name).toList();
    inputs.keySet().forEach(name -> argument(names.contains(name), "Input %s was given, and this model takes %s.", name,
        names));
    Map<Port, Given> given = new LinkedHashMap<>();
    NdArray valid = lengths;
    for (Port port : model.signature().inputs()) {
      Npy npy = inputs.get(port.name());
      if (port.content() == Port.Content.LENGTHS) {
        argument(npy == null || lengths == null, "Lengths were given twice, once as the input %s.", port.name());
        valid = npy == null ? lengths : npy.array();
        argument(valid != null, "The input %s, the length of each sequence, is missing.", port.name());
      } else if (npy != null) {
        given.put(port, Given.of(port, npy));
      }
    }
    Port port = model.signature().rows();
    Given first = given.remove(port);
    if (first == null) {
      throw new IllegalArgumentException("The input " + port.name() + ", " + port.dimensions() + ", is missing.");
    }
    rows = first;
    steps = rows.count(Axis.Kind.STEPS);
    batch = rows.count(Axis.Kind.BATCH);
    for (Given state : given.values()) {
      argument(state.count(Axis.Kind.BATCH) == batch, "Input %s is for %d sequences, and %s has %d.",
          state.port().name(), state.count(Axis.Kind.BATCH), port.name(), batch);
      states.add(state);
    }
    extents = new Extents(rows, steps, batch, valid, model.signature().mask());
  }

  /**
   * Checks that arrays fit a model; those that do not are an IllegalArgumentException that names the dimension.
   *
   * @param inputs by the names of the model's inputs; initial states may be left out, and are then 0
   * @param lengths the valid steps of each sequence, for a model that has no input for them; null for all
   */
  public static BatchRun of(SavedModel model, Map<String, Npy> inputs, @Nullable NdArray lengths) {
    return new BatchRun(model, inputs, lengths);
  }

  /** The steps of a sequence. */
  public int steps() {
    return steps;
  }

  /** The sequences. */
  public int batch() {
    return batch;
  }

  /** All steps of all sequences, those in the padding among them. */
  public long rows() {
    return (long) steps * batch;
  }

  /** The steps of all sequences that are computed. */
  public long validSteps() {
    long valid = 0;
    for (int i = 0; i < batch; i++) {
      int[] length = extents.lengths(i, 1);
      valid += length == null ? steps : length[0];
    }
    return valid;
  }

  /** The shape of an output. */
  public List<Long> shape(Port output) {
    return output.axes().stream().map(axis -> switch (axis.kind()) {
      case STEPS, REVERSED_STEPS -> (long) steps;
      case BATCH -> (long) batch;
      case COLUMNS -> (long) axis.size();
    }).toList();
  }

  /** Runs into new arrays, off the heap, all of the batch at once. */
  public Map<String, NdArray> run(Model compiled) {
    Map<String, MemorySegment> targets = new LinkedHashMap<>();
    Map<String, NdArray> results = new LinkedHashMap<>();
    for (Port output : model.signature().outputs()) {
      List<Long> shape = shape(output);
      MemorySegment data = HostMemory.allocate(Arena.ofAuto(),
          (double) NdArray.count(shape) * output.element().bytes(), "The output " + output.name());
      targets.put(output.name(), data);
      results.put(output.name(), new NdArray(output.element(), shape, data));
    }
    run(compiled, batch, targets, _ -> {});
    return results;
  }

  /**
   * Runs a part of the batch at a time.
   *
   * @param compiled the model's network with its weights, on the device that is to run it
   * @param part the most sequences that run at once
   * @param targets for each output that is wanted, by name, memory of its {@link #shape} and element
   * @param done told of how many of the {@link #rows} are done so far
   */
  public void run(Model compiled, int part, Map<String, MemorySegment> targets, LongConsumer done) {
    List<Sink> sinks = new ArrayList<>();
    for (Port output : model.signature().outputs()) {
      MemorySegment target = targets.get(output.name());
      if (target != null) {
        sinks.add(new Sink(output, target, Grid.of(output, output.axes(), shape(output))));
      }
    }
    int sequences = Math.min(part, batch);
    int window = model.network().streams() ? Math.clamp(ROWS / sequences, 1, steps) : steps;
    try (Arena arena = Arena.ofConfined(); Predictor predictor = compiled.newPredictor(window, sequences)) {
      Part room = new Part(model, rows, predictor, arena, window, sequences, sinks,
          extents.full() ? new float[0] : EmptyRow.of(model));
      for (int first = 0; first < batch; first += sequences) {
        int count = Math.min(sequences, batch - first);
        room.begin(first, count, states, extents.lengths(first, count));
        for (int step = 0; step < steps; step += window) {
          int now = Math.min(window, steps - step);
          room.run(step, now, step + now == steps);
          done.accept((long) first * steps + (long) count * (step + now));
        }
      }
    }
  }

  /** An output on its way. */
  record Sink(Port port, MemorySegment target, Grid grid) {
    void write(MemorySegment from, long row, long step, long sequence) {
      grid.writeRow(from, row, target, port.element(), step, sequence);
    }
  }
}
