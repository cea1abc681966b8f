package dev.carousel.conformance;

import dev.carousel.spi.Backend;
import dev.carousel.spi.CompileOptions;
import dev.carousel.spi.Executable;
import dev.carousel.spi.Session;
import dev.carousel.spi.form.Program;
import dev.carousel.spi.form.Slot;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** A compiled Program and a session of it, to be run as often as one likes. */
record Trial(Program program, Executable executable, Session session) implements AutoCloseable {

  static Trial open(Backend backend, Data data, int threads, int maxSteps, int maxBatch) {
    Executable executable = backend.compile(data.program(), new CompileOptions(threads),
        slot -> MemorySegment.ofArray(data.parameters().getOrDefault(slot, new float[0])));
    try {
      return new Trial(data.program(), executable, executable.newSession(maxSteps, maxBatch));
    } catch (RuntimeException | Error failure) {
      executable.close();
      throw failure;
    }
  }

  /** A trial with just the room that the data needs, on two threads. */
  static Trial open(Backend backend, Data data) {
    return open(backend, data, 2, data.shape().steps(), data.shape().batch());
  }

  /** Opens, runs once from the data's states, closes. */
  static Result once(Backend backend, Data data) {
    try (Trial trial = open(backend, data)) {
      return trial.run(data);
    }
  }

  /** Runs from the data's states. */
  Result run(Data data) {
    data.states().forEach((slot, values) -> session.writeState(slot, 0, MemorySegment.ofArray(values)));
    return advance(data);
  }

  /** Runs from the states that are there. */
  Result advance(Data data) {
    Shape shape = data.shape();
    session.begin(shape.steps(), shape.batch(), shape.lengths());
    data.inputs().forEach(session::write);
    session.forward();
    Map<Slot, float[]> values = new HashMap<>();
    for (Slot slot : program.slots(Slot.Role.OUTPUT)) {
      float[] target = new float[slot.rows(shape.steps(), shape.batch()) * slot.columns()];
      Arrays.fill(target, Float.NaN); // padding is written as well
      session.read(slot, MemorySegment.ofArray(target));
      values.put(slot, target);
    }
    for (Slot slot : program.slots(Slot.Role.STATE)) {
      float[] target = new float[shape.batch() * slot.columns()];
      session.readState(slot, 0, MemorySegment.ofArray(target));
      values.put(slot, target);
    }
    return new Result(shape, values);
  }

  @Override
  public void close() {
    session.close();
    executable.close();
  }
}
