package dev.carousel.conformance;

import dev.carousel.Network;
import dev.carousel.spi.Backend;
import dev.carousel.spi.CompileOptions;
import dev.carousel.spi.Executable;
import dev.carousel.spi.Session;
import dev.carousel.spi.form.Program;
import dev.carousel.spi.form.Slot;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A long life of one session: runs of sizes that go up and down, full and ragged, states written, moved and reset, calls
 * that are refused or not followed up. Each answer must be that of a session which has never done anything else.
 *
 * @param source the network, as it is written in Java
 * @param moves what is done, a few calls at a time
 */
record Walk(String source, Network network, int threads, List<List<Call>> moves) {
  static final int STEPS = 6;
  static final int BATCH = 5;

  /** Walks it on a device; what is found wrong ends in a program that shows it. */
  Finding on(Backend backend) {
    Program program = network.lower().program();
    Tolerance tolerance = backend.promises().contains(Backend.Promise.REPEATABLE)
        ? Tolerance.exact()
        : Tolerance.of(program);
    try (Executable executable = backend.compile(program, new CompileOptions(threads),
        slot -> MemorySegment.ofArray(Call.floats(slot.name().hashCode(), slot.rows() * slot.columns())));
        Session session = executable.newSession(STEPS, BATCH)) {
      return on(executable, session, tolerance, backend.device().id());
    }
  }

  private Finding on(Executable executable, Session session, Tolerance tolerance, String device) {
    Program program = executable.program();
    Map<Slot, float[]> states = new LinkedHashMap<>(); // as they should be: [BATCH][columns]
    program.slots(Slot.Role.STATE).forEach(slot -> states.put(slot, new float[BATCH * slot.columns()]));
    Finding all = Finding.nothing();
    for (int done = 0; done < moves.size() && all.right(); done++) {
      List<Call> calls = moves.get(done);
      Map<Slot, float[]> before = new LinkedHashMap<>(states);
      states.replaceAll((_, values) -> values.clone());
      Finding found;
      try {
        calls.forEach(call -> call.on(session));
        Map<Slot, float[]> expected = expected(executable, calls, states);
        Map<Slot, float[]> actual = answers(session, expected, calls);
        found = compare(tolerance, expected, actual);
        actual.forEach((slot, values) -> states.computeIfPresent(slot, (_, _) -> values));
      } catch (RuntimeException thrown) {
        found = Finding.fault("threw " + thrown);
      }
      int move = done;
      all = all.and(found.right() ? found
          : new Finding(found.fault() + "\n" + WalkProgram.of(this, move, before, device), found.worst()));
    }
    return all;
  }

  /** What there should be after these calls, given the states before: after a run, what a new session answers. */
  private static Map<Slot, float[]> expected(Executable executable, List<Call> calls, Map<Slot, float[]> states) {
    if (!(calls.getLast() instanceof Call.Forward)) {
      calls.forEach(call -> call.on(states));
      return new LinkedHashMap<>(states);
    }
    try (Session fresh = executable.newSession(STEPS, BATCH)) {
      states.forEach((slot, values) -> fresh.writeState(slot, 0, MemorySegment.ofArray(values)));
      calls.forEach(call -> call.on(fresh));
      Map<Slot, float[]> expected = new LinkedHashMap<>();
      if (calls.getFirst() instanceof Call.Begin run) {
        for (Slot output : executable.program().slots(Slot.Role.OUTPUT)) {
          expected.put(output, new float[output.rows(run.steps(), run.batch()) * output.columns()]);
        }
      }
      states.forEach((slot, values) -> expected.put(slot, new float[values.length]));
      return answers(fresh, expected, calls);
    }
  }

  /** Every output, if there was a run, and every state; outputs are read where they stand if the input was written so. */
  private static Map<Slot, float[]> answers(Session session, Map<Slot, float[]> like, List<Call> calls) {
    boolean inPlace = calls.stream().anyMatch(call -> call instanceof Call.Floats floats && floats.inPlace());
    Map<Slot, float[]> answers = new LinkedHashMap<>();
    like.forEach((slot, values) -> {
      float[] target = new float[values.length];
      Arrays.fill(target, Float.NaN); // padding is written as well
      MemorySegment segment = MemorySegment.ofArray(target);
      if (slot.role() == Slot.Role.STATE) {
        session.readState(slot, 0, segment);
      } else {
        MemorySegment place = inPlace ? session.memory(slot) : null;
        MemorySegment read = place == null ? segment : place.asSlice(0, segment.byteSize());
        session.read(slot, read);
        segment.copyFrom(read);
      }
      answers.put(slot, target);
    });
    return answers;
  }

  private static Finding compare(Tolerance tolerance, Map<Slot, float[]> expected, Map<Slot, float[]> actual) {
    List<Finding> found = new ArrayList<>();
    expected.forEach((slot, values) -> found
        .add(tolerance.compare("slot " + slot, slot.columns(), values, actual.getOrDefault(slot, new float[0]))));
    return found.stream().reduce(Finding.nothing(), Finding::and);
  }
}
