package dev.carousel;

import dev.carousel.spi.Order;
import dev.carousel.spi.Session;
import dev.carousel.spi.form.Check;
import dev.carousel.spi.form.Program;
import dev.carousel.spi.form.Slot;
import dev.carousel.spi.runtime.Claim;
import dev.carousel.spi.runtime.Release;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Runs a model over batches of sequences. It belongs to one thread at a time; make one for each thread.
 *
 * <p>{@code predict} starts every sequence from a state of zero. {@code advance} goes on from the state that is there:
 * after an earlier advance, or after {@link States#write}; so a predictor is a set of streams, each owning a row of the
 * batch. A row whose length is 0 keeps its state. A network that reads sequences from their ends does not
 * {@link Network#streams() stream}: it starts from a state that was written or reset, and never goes on.
 *
 * <p>Input is {@code [steps][batch][inputs]} (or as its {@link Order} says), output likewise, or
 * {@code [batch][outputs]} where the network returns one row a sequence. Where windows make fewer steps, an output has as
 * many as its rows' {@link dev.carousel.spi.form.Axis} says. Lengths, one a sequence, say how many steps are
 * valid; null means all. What stands behind a sequence's end does not matter in the input and is 0 in the output. In the
 * steady state a call into given arrays allocates nothing.
 *
 * <p>Input and output are copied, but for sequences that have all steps they need not be: what is written to
 * {@link #input} is run by {@link #predict(int, int)} where it stands, and the output is read where it was computed.
 *
 * <p>A network with several inputs or outputs takes them by name: from maps of segments, or in place.
 */
public final class Predictor implements AutoCloseable {
  private final Network network;
  private final Session session;
  private final int maxSteps;
  private final int maxBatch;
  private final Network.@Nullable Node ahead; // which cannot go on from what an earlier call left
  private final Arena arena = Arena.ofShared();
  private final Transfer[] inputs;
  private final Transfer[] outputs;
  private final States states;
  private final Claim claim;
  private final Release release;

  /** Takes the session, and closes it when this fails; the model is held on to. */
  Predictor(Model model, Program program, Session session, int maxSteps, int maxBatch) {
    network = model.network();
    claim = new Claim("predictor", model);
    this.session = session;
    this.maxSteps = maxSteps;
    this.maxBatch = maxBatch;
    ahead = network.readsAhead().orElse(null);
    try {
      inputs = network.inputs().stream().map(input -> transfer(program, Slot.Role.INPUT, input.name()))
          .toArray(Transfer[]::new);
      outputs = network.outputs().stream().map(output -> transfer(program, Slot.Role.OUTPUT, output.name()))
          .toArray(Transfer[]::new);
      states = new States(session, program.slots(Slot.Role.STATE), maxBatch, claim);
      release = new Release(claim, () -> "", arena::close); // of a forgotten one its session speaks
    } catch (RuntimeException | Error failure) {
      arena.close();
      session.close();
      throw failure;
    }
  }

  private Transfer transfer(Program program, Slot.Role role, String name) {
    Slot slot = program.slots(role).stream().filter(one -> one.name().equals(name)).findFirst().orElseThrow();
    return new Transfer(arena, session, slot, maxSteps, maxBatch);
  }

  /** The outputs of a batch of sequences that all have all steps. */
  public float[] predict(float[] data, int steps, int batch) {
    float[] result = new float[values(steps, batch)];
    predict(data, steps, batch, null, result);
    return result;
  }

  /** The outputs of a batch of indices, for a network that starts with an embedding. */
  public float[] predict(int[] indices, int steps, int batch) {
    float[] result = new float[values(steps, batch)];
    predict(indices, steps, batch, null, result);
    return result;
  }

  /** Runs from a state of zero, into a given array. */
  public void predict(float[] data, int steps, int batch, int @Nullable [] lengths, float[] result) {
    floats(true, data, steps, batch, lengths, result);
  }

  /** Runs indices from a state of zero, into a given array. */
  public void predict(int[] indices, int steps, int batch, int @Nullable [] lengths, float[] result) {
    indices(true, indices, steps, batch, lengths, result);
  }

  /** Runs from a state of zero; floats or indices as the network takes them. */
  public void predict(MemorySegment data, int steps, int batch, int @Nullable [] lengths, MemorySegment result) {
    segments(true, data, steps, batch, lengths, result);
  }

  /**
   * Runs from a state of zero, with every input by its name, floats or indices as it takes them; of the outputs those that
   * are wanted.
   */
  public void predict(Map<String, MemorySegment> data, int steps, int batch, int @Nullable [] lengths,
      Map<String, MemorySegment> results) {
    named(true, data, steps, batch, lengths, results);
  }

  /**
   * The place for the input of {@link #predict(int, int)} and {@link #advance(int, int)}: {@code [steps][batch][inputs]},
   * or as the predictor's {@link Order} says, 64-byte aligned. Other calls write there too.
   */
  public MemorySegment input(int steps, int batch) {
    return place(only(inputs), steps, batch);
  }

  /** The place for an input by its name. */
  public MemorySegment input(String name, int steps, int batch) {
    return place(find(inputs, name), steps, batch);
  }

  /** The rows of an output by its name, as the last call in place left them; they stand until the next call. */
  public MemorySegment output(String name, int steps, int batch) {
    return place(find(outputs, name), steps, batch);
  }

  /** Runs what stands in {@link #input} from a state of zero. The output, the first of several, stands until the next call. */
  public MemorySegment predict(int steps, int batch) {
    return inPlace(true, steps, batch);
  }

  /**
   * Goes on with what stands in {@link #input} from the present state. The output, the first of several, stands until the
   * next call.
   */
  public MemorySegment advance(int steps, int batch) {
    return inPlace(false, steps, batch);
  }

  /** Goes on from the present state, into a given array. */
  public void advance(float[] data, int steps, int batch, int @Nullable [] lengths, float[] result) {
    floats(false, data, steps, batch, lengths, result);
  }

  /** Goes on with indices from the present state, into a given array. */
  public void advance(int[] indices, int steps, int batch, int @Nullable [] lengths, float[] result) {
    indices(false, indices, steps, batch, lengths, result);
  }

  /** Goes on from the present state; floats or indices as the network takes them. */
  public void advance(MemorySegment data, int steps, int batch, int @Nullable [] lengths, MemorySegment result) {
    segments(false, data, steps, batch, lengths, result);
  }

  /** Goes on from the present state, with every input by its name, and of the outputs those that are wanted. */
  public void advance(Map<String, MemorySegment> data, int steps, int batch, int @Nullable [] lengths,
      Map<String, MemorySegment> results) {
    named(false, data, steps, batch, lengths, results);
  }

  /** The state of each sequence: reset, read, written, saved and restored by row. */
  public States states() {
    return states;
  }

  /** What it computes. */
  public Network network() {
    return network;
  }

  /** How many sequences it takes at once. */
  public int maxBatch() {
    return maxBatch;
  }

  /** The bytes that its buffers take. */
  public long bytes() {
    long bytes = session.bytes();
    for (Transfer input : inputs) {
      bytes += input.bytes();
    }
    for (Transfer output : outputs) {
      bytes += output.bytes();
    }
    return bytes;
  }

  /** Frees the buffers; harmless the second time. */
  @Override
  public void close() {
    if (claim.end()) {
      session.close();
      release.close();
    }
  }

  private static Transfer only(Transfer[] ports) {
    if (ports.length > 1) {
      throw Check.refusal("This network has %d inputs or outputs: %s. Give and take them by name.", ports.length,
          names(ports));
    }
    return ports[0];
  }

  private static Transfer find(Transfer[] ports, String name) {
    for (Transfer port : ports) {
      if (port.slot().name().equals(name)) {
        return port;
      }
    }
    throw Check.refusal("%s was named, and this network has %s.", name, names(ports));
  }

  private static String names(Transfer[] ports) {
    return String.join(", ", Arrays.stream(ports).map(port -> port.slot().name()).toList());
  }

  private MemorySegment place(Transfer port, int steps, int batch) {
    try (Claim _ = claim.take()) {
      check(steps, batch);
      return port.place(steps, batch, false);
    }
  }

  private void floats(boolean fresh, float[] data, int steps, int batch, int @Nullable [] lengths, float[] result) {
    try (Claim _ = claim.take()) {
      Transfer in = only(inputs);
      if (in.slot().element() != Slot.Element.F32) {
        throw Check.refusal("Floats were given, and this network looks up indices. Give it an int[].");
      }
      check(steps, batch, 4L * data.length, 4L * result.length);
      Transfer.copy(data, in.place(steps, batch, lengths != null));
      array(fresh, steps, batch, lengths, result);
    }
  }

  private void indices(boolean fresh, int[] data, int steps, int batch, int @Nullable [] lengths, float[] result) {
    try (Claim _ = claim.take()) {
      Transfer in = only(inputs);
      if (in.slot().element() != Slot.Element.I32) {
        throw Check.refusal("Indices were given, and this network takes rows of floats. Give it a float[].");
      }
      check(steps, batch, 4L * data.length, 4L * result.length);
      Transfer.copy(data, in.place(steps, batch, lengths != null));
      array(fresh, steps, batch, lengths, result);
    }
  }

  private void array(boolean fresh, int steps, int batch, int @Nullable [] lengths, float[] result) {
    Transfer.copy(placed(fresh, steps, batch, lengths), result);
  }

  /** Runs the inputs in their places; the outputs come to theirs. */
  private MemorySegment placed(boolean fresh, int steps, int batch, int @Nullable [] lengths) {
    begin(fresh, steps, batch, lengths);
    for (Transfer input : inputs) {
      session.write(input.slot(), input.place(steps, batch, lengths != null));
    }
    forward(fresh, batch, lengths);
    for (Transfer output : outputs) {
      session.read(output.slot(), output.place(steps, batch, lengths != null));
    }
    return outputs[0].place(steps, batch, lengths != null);
  }

  private MemorySegment inPlace(boolean fresh, int steps, int batch) {
    try (Claim _ = claim.take()) {
      check(steps, batch);
      return placed(fresh, steps, batch, null);
    }
  }

  private void segments(boolean fresh, MemorySegment data, int steps, int batch, int @Nullable [] lengths,
      MemorySegment result) {
    try (Claim _ = claim.take()) {
      Transfer in = only(inputs);
      Transfer out = only(outputs);
      check(steps, batch, data.byteSize(), result.byteSize());
      result(out, result);
      lent(in, data, lengths);
      lent(out, result, lengths);
      begin(fresh, steps, batch, lengths);
      session.write(in.slot(), data);
      forward(fresh, batch, lengths);
      session.read(out.slot(), result);
    }
  }

  private void named(boolean fresh, Map<String, MemorySegment> data, int steps, int batch, int @Nullable [] lengths,
      Map<String, MemorySegment> results) {
    try (Claim _ = claim.take()) {
      check(steps, batch);
      int found = 0;
      for (Transfer input : inputs) {
        MemorySegment given = given(data, input);
        size("Input", input.slot(), steps, batch, given.byteSize());
        lent(input, given, lengths);
      }
      for (Transfer output : outputs) {
        MemorySegment given = results.get(output.slot().name());
        if (given != null) {
          found++;
          size("Output", output.slot(), steps, batch, given.byteSize());
          result(output, given);
          lent(output, given, lengths);
        }
      }
      if (found != results.size() || data.size() != inputs.length) {
        throw Check.refusal("Inputs %s and outputs %s were given, and this network takes %s and gives %s.",
            data.keySet(), results.keySet(), names(inputs), names(outputs));
      }
      begin(fresh, steps, batch, lengths);
      for (Transfer input : inputs) {
        session.write(input.slot(), given(data, input));
      }
      forward(fresh, batch, lengths);
      for (Transfer output : outputs) {
        MemorySegment given = results.get(output.slot().name());
        if (given != null) {
          session.read(output.slot(), given);
        }
      }
    }
  }

  private static MemorySegment given(Map<String, MemorySegment> data, Transfer input) {
    MemorySegment given = data.get(input.slot().name());
    if (given == null) {
      throw Check.refusal("Input %s is missing.", input.slot().name());
    }
    return given;
  }

  private static void result(Transfer output, MemorySegment result) {
    if (result.isReadOnly() || !result.scope().isAlive() || !result.isAccessibleBy(Thread.currentThread())) {
      throw Check.refusal("The result %s is to go to memory that this thread cannot write: it is read-only, closed or"
          + " another thread's. Give memory of your own.", output.slot().name());
    }
  }

  private static void lent(Transfer port, MemorySegment data, int @Nullable [] lengths) {
    if (lengths != null && port.owns(data)) {
      throw Check
          .refusal("Lengths were given with the predictor's own memory of %s, which is for sequences that have all"
              + " steps. Give memory of your own.", port.slot().name());
    }
  }

  private void begin(boolean fresh, int steps, int batch, int @Nullable [] lengths) {
    if (!fresh && ahead != null) {
      refuseCarried(ahead, batch);
    }
    session.begin(steps, batch, lengths);
  }

  private void forward(boolean fresh, int batch, int @Nullable [] lengths) {
    if (fresh) {
      states.clear(0, batch);
    }
    session.forward();
    if (ahead != null) {
      states.ran(batch, lengths);
    }
  }

  /** Refuses to go on from what an earlier call left, where a layer should have seen all steps before. */
  private void refuseCarried(Network.Node node, int batch) {
    int row = states.firstCarried(batch);
    if (row < batch) {
      throw new IllegalStateException(String.format(Locale.ROOT,
          "Sequence %d was to go on by advance, and node %s, needs"
              + " all its steps: it cannot begin before they are there. Give whole sequences to predict, or write or reset the"
              + " states before each advance.",
          row, node));
    }
  }

  private int values(int steps, int batch) {
    check(steps, batch);
    Slot output = only(outputs).slot();
    long values = output.bytes(steps, batch) / 4;
    if (values > Integer.MAX_VALUE) {
      throw Check.refusal("%d steps of %d sequences give %d values, more than an array holds. Use memory segments.",
          steps, batch, values);
    }
    return (int) values;
  }

  private void check(int steps, int batch, long inputBytes, long outputBytes) {
    check(steps, batch);
    size("Input", only(inputs).slot(), steps, batch, inputBytes);
    size("Output", only(outputs).slot(), steps, batch, outputBytes);
  }

  private void check(int steps, int batch) {
    if (steps < 1 || steps > maxSteps) {
      throw Check.refusal("%d steps were asked for, and this predictor takes 1 to %d. Make one for more, or go on with"
          + " advance.", steps, maxSteps);
    }
    if (batch < 1 || batch > maxBatch) {
      throw Check
          .refusal("A batch of %d sequences was asked for, and this predictor takes 1 to %d. Make one for more, or"
              + " split the batch.", batch, maxBatch);
    }
  }

  private static void size(String what, Slot slot, int steps, int batch, long bytes) {
    if (bytes != slot.bytes(steps, batch)) {
      throw Check.refusal("%s of %d values was given; %d steps of %d sequences, %s, take %d. Give just those.", what,
          bytes / 4, steps, batch, slot, slot.bytes(steps, batch) / 4);
    }
  }
}
