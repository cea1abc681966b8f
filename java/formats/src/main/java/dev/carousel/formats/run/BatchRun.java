package dev.carousel.formats.run;

import static dev.carousel.spi.form.Check.argument;

import dev.carousel.Model;
import dev.carousel.formats.data.MappedFile;
import dev.carousel.formats.data.NdArray;
import dev.carousel.formats.model.Port;
import dev.carousel.formats.model.SavedModel;
import dev.carousel.formats.npy.Npy;
import dev.carousel.spi.runtime.HostMemory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
  private final @Nullable Bound[] arrays; // as the signature has the inputs
  private final Extents extents;
  private final int steps;
  private final int batch;

  private BatchRun(SavedModel model, Map<String, Npy> inputs, @Nullable NdArray lengths) {
    this.model = model;
    List<Port> ports = model.signature().inputs();
    List<String> names = ports.stream().map(Port::name).toList();
    inputs.keySet().forEach(name -> argument(names.contains(name), "Input %s was given, and this model takes %s.", name,
        names));
    arrays = new Bound[ports.size()];
    NdArray valid = lengths;
    for (int i = 0; i < arrays.length; i++) {
      Port port = ports.get(i);
      Npy npy = inputs.get(port.name());
      if (port.content() == Port.Content.LENGTHS) {
        argument(npy == null || lengths == null, "Lengths were given twice, once as the input %s.", port.name());
        valid = npy == null ? lengths : npy.array();
        argument(valid != null, "The input %s, the length of each sequence, is missing.", port.name());
      } else {
        argument(npy != null || port.content() != Port.Content.ROWS, "The input %s, %s, is missing.", port.name(),
            port.dimensions());
        arrays[i] = npy == null ? null : Bound.of(port, npy);
      }
    }
    Bound rows = Objects.requireNonNull(arrays[ports.indexOf(model.signature().rows())]);
    steps = rows.steps();
    batch = rows.batch();
    for (Bound other : arrays) {
      if (other != null) {
        argument(other.batch() == batch, "Input %s is for %d sequences, and %s has %d.", other.port().name(),
            other.batch(), rows.port().name(), batch);
        argument(!other.port().hasSteps() || other.steps() == steps, "Input %s has %d steps, and %s has %d.",
            other.port().name(), other.steps(), rows.port().name(), steps);
      }
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
      case STEPS, REVERSED_STEPS -> (long) lines(output);
      case BATCH -> (long) batch;
      case COLUMNS -> (long) axis.size();
    }).toList();
  }

  private int lines(Port output) {
    return output.hasSteps() ? model.network().rows(output.parts().getFirst()).axis().steps(steps) : 1;
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
    List<Port> outputs = model.signature().outputs();
    @Nullable
    Bound[] sinks = new Bound[outputs.size()];
    for (int i = 0; i < sinks.length; i++) {
      Port output = outputs.get(i);
      MemorySegment target = targets.get(output.name());
      if (target != null) {
        Bound sink = ModelRunner.output(model, output);
        sink.bind(target, steps, batch);
        sinks[i] = sink;
      }
    }
    int sequences = Math.min(part, batch);
    int window = model.network().streams() ? Math.clamp(ROWS / sequences, 1, steps) : steps;
    try (ModelRunner runner = ModelRunner.open(model, compiled, window, sequences)) {
      Pass pass = new Pass();
      for (int first = 0; first < batch; first += sequences) {
        int count = Math.min(sequences, batch - first);
        pass.sequences(first, count, steps, extents.lengths(first, count));
        runner.begin(arrays, pass);
        for (int step = 0; step < steps; step += window) {
          int now = Math.min(window, steps - step);
          pass.steps(step, now);
          runner.run(false, arrays, sinks, pass);
          done.accept((long) first * steps + (long) count * (step + now));
        }
      }
    }
  }
}
