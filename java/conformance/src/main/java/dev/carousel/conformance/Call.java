package dev.carousel.conformance;

import dev.carousel.spi.Session;
import dev.carousel.spi.form.Slot;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A call on a session: it can be made, and be written down as the statement of a {@link WalkProgram} that makes it. */
sealed interface Call {

  /** Makes it. */
  void on(Session session);

  /** Does to states as they should be what it does to a session's: {@code [batch][columns]} each. Only a run asks more. */
  default void on(Map<Slot, float[]> states) {
    // Most calls leave them alone.
  }

  /** The statement, on a variable of this name. */
  String statement(String session);

  /** Begins a run. */
  @SuppressWarnings("ArrayRecordComponent") // drawn for this call, and never changed
  record Begin(int steps, int batch, int @Nullable [] lengths) implements Call {
    @Override
    public void on(Session session) {
      session.begin(steps, batch, lengths);
    }

    @Override
    public String statement(String session) {
      return session + ".begin(" + steps + ", " + batch + ", " + (lengths == null
          ? "null"
          : Arrays.stream(lengths).mapToObj(Integer::toString).collect(Collectors.joining(", ", "new int[]{", "}")))
          + ");";
    }
  }

  /** Writes drawn floats to an input, where it stands if the session lends that. */
  record Floats(Slot input, int count, long seed, boolean inPlace) implements Call {
    @Override
    public void on(Session session) {
      MemorySegment values = MemorySegment.ofArray(floats(seed, count));
      MemorySegment place = inPlace ? session.memory(input) : null;
      session.write(input, place == null ? values : place.asSlice(0, values.byteSize()).copyFrom(values));
    }

    @Override
    public String statement(String session) {
      return String.format(Locale.ROOT, inPlace ? "writeInPlace(%s, \"%s\", floats(%dL, %d));"
          : "%s.write(slot(\"%s\"), MemorySegment.ofArray(floats(%dL, %d)));", session, input.name(), seed, count);
    }
  }

  /** Writes drawn indices to an input, from {@code from} to {@code to - 1}. */
  record Indices(Slot input, int count, long seed, int from, int to) implements Call {
    @Override
    public void on(Session session) {
      session.write(input, MemorySegment.ofArray(indices(seed, count, from, to)));
    }

    @Override
    public String statement(String session) {
      return String.format(Locale.ROOT, "%s.write(slot(\"%s\"), MemorySegment.ofArray(indices(%dL, %d, %d, %d)));",
          session, input.name(), seed, count, from, to);
    }
  }

  /** Runs. */
  record Forward() implements Call {
    @Override
    public void on(Session session) {
      session.forward();
    }

    @Override
    public String statement(String session) {
      return session + ".forward();";
    }
  }

  /** Writes drawn rows of a state. */
  record WriteState(Slot state, int row, int rows, long seed) implements Call {
    @Override
    public void on(Session session) {
      session.writeState(state, row, MemorySegment.ofArray(floats(seed, rows * state.columns())));
    }

    @Override
    public void on(Map<Slot, float[]> states) {
      int columns = state.columns();
      states.computeIfPresent(state, (_, values) -> {
        System.arraycopy(floats(seed, rows * columns), 0, values, row * columns, rows * columns);
        return values;
      });
    }

    @Override
    public String statement(String session) {
      return String.format(Locale.ROOT,
          "%s.writeState(slot(\"%s\"), %d, MemorySegment.ofArray(floats(%dL, %d)));", session,
          state.name(), row, seed, rows * state.columns());
    }
  }

  /** Saves a row of a state and restores it into another row. */
  record MoveState(Slot state, int from, int to) implements Call {
    @Override
    public void on(Session session) {
      MemorySegment saved = MemorySegment.ofArray(new float[state.columns()]);
      session.readState(state, from, saved);
      session.writeState(state, to, saved);
    }

    @Override
    public void on(Map<Slot, float[]> states) {
      int columns = state.columns();
      states.computeIfPresent(state, (_, values) -> {
        System.arraycopy(values, from * columns, values, to * columns, columns);
        return values;
      });
    }

    @Override
    public String statement(String session) {
      return String.format(Locale.ROOT, "moveState(%s, \"%s\", %d, %d);", session, state.name(), from, to);
    }
  }

  /** Sets rows of all states to 0. */
  record Reset(int row, int rows) implements Call {
    @Override
    public void on(Session session) {
      session.resetState(row, rows);
    }

    @Override
    public void on(Map<Slot, float[]> states) {
      states.forEach(
          (state, values) -> Arrays.fill(values, row * state.columns(), (row + rows) * state.columns(), 0));
    }

    @Override
    public String statement(String session) {
      return session + ".resetState(" + row + ", " + rows + ");";
    }
  }

  /** Makes a call that must be refused. */
  record Refused(Call call) implements Call {
    @Override
    public void on(Session session) {
      try {
        call.on(session);
      } catch (IllegalArgumentException | IllegalStateException expected) {
        return;
      }
      throw new IllegalStateException(call.statement("session") + " was not refused.");
    }

    @Override
    public String statement(String session) {
      return "refused(() -> " + call.statement(session).replace(";", "") + ");";
    }
  }

  /** Drawn floats within a half of 0. */
  static float[] floats(long seed, int count) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] values = new float[count];
    IntStream.range(0, count).forEach(i -> values[i] = (float) (random.nextDouble() - 0.5));
    return values;
  }

  /** Drawn indices. */
  static int[] indices(long seed, int count, int from, int to) {
    return new SplittableRandom(seed).ints(count, from, to).toArray();
  }
}
