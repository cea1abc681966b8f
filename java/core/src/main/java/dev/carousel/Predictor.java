package dev.carousel;

import dev.carousel.spi.Session;
import dev.carousel.spi.form.Check;
import dev.carousel.spi.form.Program;
import dev.carousel.spi.form.Slot;
import dev.carousel.spi.runtime.Claim;
import dev.carousel.spi.runtime.Release;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Locale;
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
 * {@code [batch][outputs]} where the network returns one row a sequence. Lengths, one a sequence, say how many steps are
 * valid; null means all. What stands behind a sequence's end does not matter in the input and is 0 in the output. In the
 * steady state a call into given arrays allocates nothing.
 *
 * <p>Input and output are copied, but for sequences that have all steps they need not be: what is written to
 * {@link #input} is run by {@link #predict(int, int)} where it stands, and the output is read where it was computed.
 */
public final class Predictor implements AutoCloseable {
  private final Network network;
  private final Session session;
  private final Slot input;
  private final Slot output;
  private final int maxSteps;
  private final int maxBatch;
  private final boolean turns;
  private final boolean streams;
  private final Arena arena = Arena.ofShared();
  private final Transfer in;
  private final Transfer out;
  private final States states;
  private final Claim claim;
  private final Release release;

  /** Takes the session, and closes it when this fails; the model is held on to. */
  Predictor(Model model, Program program, Session session, int maxSteps, int maxBatch, Order order) {
    network = model.network();
    claim = new Claim("predictor", model);
    this.session = session;
    this.maxSteps = maxSteps;
    this.maxBatch = maxBatch;
    input = program.slots(Slot.Role.INPUT).getFirst();
    output = program.slots(Slot.Role.OUTPUT).getFirst();
    turns = order == Order.BATCH_MAJOR;
    streams = network.streams();
    try {
      in = new Transfer(arena, session.memory(input), input.rows(maxSteps, maxBatch), input.columns(), turns);
      out = new Transfer(arena, session.memory(output), output.rows(maxSteps, maxBatch), output.columns(),
          turns && perStep());
      states = new States(session, program.slots(Slot.Role.STATE), maxBatch, claim);
      release = new Release(claim, () -> "", arena::close); // of a forgotten one its session speaks
    } catch (RuntimeException | Error failure) {
      arena.close();
      session.close();
      throw failure;
    }
  }

  private boolean perStep() {
    return output.extent() == Slot.Extent.STEPS;
  }

  /** The outputs of a batch of sequences that all have all steps. */
  public float[] predict(float[] data, int steps, int batch) {
    float[] result = new float[outputs(steps, batch)];
    predict(data, steps, batch, null, result);
    return result;
  }

  /** The outputs of a batch of indices, for a network that starts with an embedding. */
  public float[] predict(int[] indices, int steps, int batch) {
    float[] result = new float[outputs(steps, batch)];
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
   * The place for the input of {@link #predict(int, int)} and {@link #advance(int, int)}: {@code [steps][batch][inputs]},
   * or as the predictor's {@link Order} says, 64-byte aligned. Other calls write there too.
   */
  public MemorySegment input(int steps, int batch) {
    try (Claim _ = claim.take()) {
      check(steps, batch);
      return in.plain(input.rows(steps, batch), false);
    }
  }

  /** Runs what stands in {@link #input} from a state of zero. The output stands until the next call. */
  public MemorySegment predict(int steps, int batch) {
    return inPlace(true, steps, batch);
  }

  /** Goes on with what stands in {@link #input} from the present state. The output stands until the next call. */
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
    return session.bytes() + in.bytes() + out.bytes();
  }

  /** Frees the buffers; harmless the second time. */
  @Override
  public void close() {
    if (claim.end()) {
      session.close();
      release.close();
    }
  }

  private void floats(boolean fresh, float[] data, int steps, int batch, int @Nullable [] lengths, float[] result) {
    try (Claim _ = claim.take()) {
      if (network.takesIndices()) {
        throw Check.refusal("Floats were given, and this network looks up indices. Give it an int[].");
      }
      check(steps, batch, 4L * data.length, 4L * result.length);
      Transfer.copy(data, in.plain(input.rows(steps, batch), lengths != null));
      array(fresh, steps, batch, lengths, result);
    }
  }

  private void indices(boolean fresh, int[] data, int steps, int batch, int @Nullable [] lengths, float[] result) {
    try (Claim _ = claim.take()) {
      if (!network.takesIndices()) {
        throw Check.refusal("Indices were given, and this network takes rows of floats. Give it a float[].");
      }
      check(steps, batch, 4L * data.length, 4L * result.length);
      Transfer.copy(data, in.plain(input.rows(steps, batch), lengths != null));
      array(fresh, steps, batch, lengths, result);
    }
  }

  private void array(boolean fresh, int steps, int batch, int @Nullable [] lengths, float[] result) {
    Transfer.copy(placed(fresh, steps, batch, lengths), result);
  }

  /** Runs the input in its place; the output comes to its own. */
  private MemorySegment placed(boolean fresh, int steps, int batch, int @Nullable [] lengths) {
    MemorySegment target = out.plain(output.rows(steps, batch), lengths != null);
    run(fresh, in.plain(input.rows(steps, batch), lengths != null), steps, batch, lengths, target);
    return target;
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
      check(steps, batch, data.byteSize(), result.byteSize());
      if (result.isReadOnly() || !result.scope().isAlive() || !result.isAccessibleBy(Thread.currentThread())) {
        throw Check.refusal("The result is to go to memory that this thread cannot write: it is read-only, closed or"
            + " another thread's. Give memory of your own.");
      }
      if (lengths != null && (in.owns(data) || out.owns(result))) {
        throw Check.refusal("Lengths were given with the predictor's own memory, which is for sequences that have all"
            + " steps. Give memory of your own.");
      }
      run(fresh, data, steps, batch, lengths, result);
    }
  }

  /** The straight line: caller's order, session, caller's order. */
  private void run(boolean fresh, MemorySegment data, int steps, int batch, int @Nullable [] lengths,
      MemorySegment result) {
    if (!fresh && !streams) {
      refuseCarried(batch);
    }
    MemorySegment source = data;
    if (turns) {
      source = in.turned(input.rows(steps, batch));
      in.turn(data, source, batch, steps);
    }
    session.begin(steps, batch, lengths);
    session.write(input, source);
    if (fresh) {
      states.clear(0, batch);
    }
    session.forward();
    if (!streams) {
      states.ran(batch, lengths);
    }
    boolean back = turns && perStep();
    MemorySegment target = back ? out.turned(output.rows(steps, batch)) : result;
    session.read(output, target);
    if (back) {
      out.turn(target, result, steps, batch);
    }
  }

  /** Refuses to go on from what an earlier call left, where a layer should have seen all steps before. */
  private void refuseCarried(int batch) {
    int row = states.firstCarried(batch);
    for (int i = 0; row < batch && i < network.layers().size(); i++) {
      if (Network.readsFromTheEnd(network.layers().get(i))) {
        throw new IllegalStateException(String.format(Locale.ROOT, "Sequence %d was to go on by advance, and layer %d,"
            + " %s, reads sequences from their ends: it cannot begin before all steps are there. Give whole sequences"
            + " to predict, or write or reset the states before each advance.", row, i, network.layers().get(i)));
      }
    }
  }

  private int outputs(int steps, int batch) {
    check(steps, batch);
    long values = output.bytes(steps, batch) / 4;
    if (values > Integer.MAX_VALUE) {
      throw Check.refusal("%d steps of %d sequences give %d values, more than an array holds. Use memory segments.",
          steps,
          batch, values);
    }
    return (int) values;
  }

  private void check(int steps, int batch, long inputBytes, long outputBytes) {
    check(steps, batch);
    size("Input", input, steps, batch, inputBytes);
    size("Output", output, steps, batch, outputBytes);
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
