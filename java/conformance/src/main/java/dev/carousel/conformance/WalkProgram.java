package dev.carousel.conformance;

import dev.carousel.spi.form.Slot;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A walk as a program that one can paste into a file and run: it makes the calls, and prints what differs. */
final class WalkProgram {
  private static final String FUNCTIONS = """
      Slot slot(String name) {
        return program.slots().stream().filter(slot -> slot.name().equals(name)).findFirst().orElseThrow();
      }

      float[] floats(long seed, int count) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
          values[i] = (float) (random.nextDouble() - 0.5);
        }
        return values;
      }

      int[] indices(long seed, int count, int from, int to) {
        return new SplittableRandom(seed).ints(count, from, to).toArray();
      }

      void writeInPlace(Session session, String name, float[] values) {
        MemorySegment given = MemorySegment.ofArray(values);
        MemorySegment place = session.memory(slot(name));
        session.write(slot(name), place == null ? given : place.asSlice(0, given.byteSize()).copyFrom(given));
      }

      void moveState(Session session, String name, int from, int to) {
        MemorySegment saved = MemorySegment.ofArray(new float[slot(name).columns()]);
        session.readState(slot(name), from, saved);
        session.writeState(slot(name), to, saved);
      }

      void refused(Runnable call) {
        try {
          call.run();
          IO.println("A call was not refused.");
        } catch (IllegalArgumentException | IllegalStateException expected) {
        }
      }

      float[] read(Session session, Slot slot, int rows, boolean state) {
        float[] values = new float[rows * slot.columns()];
        Arrays.fill(values, Float.NaN);
        if (state) {
          session.readState(slot, 0, MemorySegment.ofArray(values));
        } else {
          session.read(slot, MemorySegment.ofArray(values));
        }
        return values;
      }

      void compare(Slot slot, float[] walked, float[] expected) {
        double worst = 0;
        for (int i = 0; i < walked.length; i++) {
          worst = Math.max(worst, Math.abs((double) walked[i] - expected[i]));
        }
        IO.println(slot + ": " + Arrays.toString(walked));
        IO.println("  instead of " + Arrays.toString(expected));
        IO.println("  off by at most " + worst);
      }
      """;

  private WalkProgram() {}

  /**
   * The program.
   *
   * @param last the move that was answered wrongly
   * @param before the states as they should have been before it
   */
  static String of(Walk walk, int last, Map<Slot, float[]> before, String device) {
    List<String> calls = new ArrayList<>();
    walk.moves().subList(0, last).forEach(move -> move.forEach(call -> calls.add(call.statement("session"))));
    List<String> states = new ArrayList<>();
    before.forEach((slot, values) -> states.add(
        "fresh.writeState(slot(\"" + slot.name() + "\"), 0, MemorySegment.ofArray(new float[]" + literal(values)
            + "));"));
    List<Call> move = walk.moves().get(last);
    List<String> both = new ArrayList<>();
    move.forEach(call -> {
      both.add(call.statement("session"));
      both.add(call.statement("fresh"));
    });
    List<String> outputs = new ArrayList<>();
    if (move.getLast() instanceof Call.Forward && move.getFirst() instanceof Call.Begin run) {
      for (Slot output : walk.network().lower().program().slots(Slot.Role.OUTPUT)) {
        String read = ", slot(\"" + output.name() + "\"), " + output.rows(run.steps(), run.batch()) + ", false)";
        outputs.add("compare(slot(\"" + output.name() + "\"), read(session" + read + ", read(fresh" + read + ");");
      }
    }
    return """
        import dev.carousel.*;
        import dev.carousel.spi.*;
        import dev.carousel.spi.form.*;
        import java.lang.foreign.MemorySegment;
        import java.util.Arrays;
        import java.util.List;
        import java.util.SplittableRandom;

        Program program = %s.lower().program();

        void main() {
          try (Backend backend = Devices.open(Devices.byId("%s"));
              Executable executable = backend.compile(program, new CompileOptions(%d),
                  slot -> MemorySegment.ofArray(floats(slot.name().hashCode(), slot.rows() * slot.columns())));
              Session session = executable.newSession(%d, %d);
              Session fresh = executable.newSession(%d, %d)) {
        %s
            // As the states should be now, into a session that has done nothing else.
        %s
            // What is answered otherwise.
        %s
            for (Slot state : program.slots(Slot.Role.STATE)) {
              compare(state, read(session, state, %d, true), read(fresh, state, %d, true));
            }
        %s
          }
        }

        """.formatted(walk.source(), device, walk.threads(), Walk.STEPS, Walk.BATCH, Walk.STEPS, Walk.BATCH,
        lines(calls), lines(states), lines(both), Walk.BATCH, Walk.BATCH, lines(outputs)) + FUNCTIONS;
  }

  private static String lines(List<String> statements) {
    return String.join("\n", statements).indent(4).stripTrailing();
  }

  private static String literal(float[] values) {
    StringBuilder text = new StringBuilder("{");
    for (float value : values) {
      text.append(text.length() == 1 ? "" : ", ").append(Float.isFinite(value)
          ? value + "f"
          : "Float.intBitsToFloat(" + Float.floatToRawIntBits(value) + ")");
    }
    return text.append('}').toString();
  }
}
