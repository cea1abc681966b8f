package dev.carousel.conformance;

import dev.carousel.Conv;
import dev.carousel.Dense;
import dev.carousel.Embedding;
import dev.carousel.Flatten;
import dev.carousel.Gru;
import dev.carousel.Lstm;
import dev.carousel.Network;
import dev.carousel.spi.Backend;
import dev.carousel.spi.CompileOptions;
import dev.carousel.spi.Executable;
import dev.carousel.spi.Session;
import dev.carousel.spi.form.Program;
import dev.carousel.spi.form.Slot;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

/** What a session does when it is called in many ways; wrong calls throw, and leave it as it was. */
final class SessionCases {
  private static final int STEPS = 5;
  private static final int BATCH = 4;
  private static final Program LSTM = Network.of(Lstm.of(6, 9).bidirectional()).lower().program();
  private static final Program WORDS = Network.of(Embedding.of(10, 4), Lstm.of(4, 5)).lower().program();
  private static final Program PAIRS = Network.of(Conv.of(3, 4, 2).stride(2), Gru.of(4, 3)).lower().program();
  private static final Program FLAT = Network.of(Flatten.of(3, 3), Dense.of(9, 2)).lower().program();
  private static final Slot INPUT = LSTM.slots(Slot.Role.INPUT).getFirst();
  private static final Slot OUTPUT = LSTM.slots(Slot.Role.OUTPUT).getFirst();
  private static final Slot STATE = LSTM.slots(Slot.Role.STATE).getFirst();

  private SessionCases() {}

  /** A call that must be refused. */
  private interface Wrong {
    void call(Session session);
  }

  static List<Case> all() {
    List<Case> cases = new ArrayList<>();
    cases.add(make("sessions", "smaller_after_larger", SessionCases::smallerAfterLarger));
    cases.add(make("sessions", "two_sessions_of_one_program", SessionCases::twoSessions));
    cases.add(make("threads", "four_threads_on_one_program", SessionCases::fourThreads));
    cases.add(make("threads", "four_threads_on_one_session", SessionCases::fourThreadsOnOneSession));
    cases.add(make("sessions", "close", SessionCases::close));
    cases.add(make("states", "all_sequences_rest", SessionCases::allRest));
    cases.add(make("states", "reset_state", SessionCases::resetState));
    cases.add(new Case(Family.SESSION, "wrong calls", "index_outside_the_table", WORDS, SessionCases::indexOutside));
    cases.add(new Case(Family.SESSION, "wrong calls", "no_step_left", PAIRS, (backend, reference) -> refusedRun(backend,
        reference, PAIRS, new Shape(4, 3, new int[]{4, 1, 0}), Shape.full(1, 2))));
    cases.add(
        new Case(Family.SESSION, "wrong calls", "no_room_for_a_step", FLAT, (backend, reference) -> refusedRun(backend,
            reference, FLAT, new Shape(4, 3, new int[]{2, 4, 0}), Shape.full(4, 1))));
    wrong(cases, "steps_0", session -> session.begin(0, 1, null));
    wrong(cases, "steps_beyond", session -> session.begin(STEPS + 1, 1, null));
    wrong(cases, "batch_0", session -> session.begin(1, 0, null));
    wrong(cases, "batch_beyond", session -> session.begin(1, BATCH + 1, null));
    wrong(cases, "length_negative", session -> session.begin(2, 2, new int[]{1, -1}));
    wrong(cases, "length_beyond", session -> session.begin(2, 2, new int[]{3, 1}));
    wrong(cases, "lengths_too_few", session -> session.begin(2, 2, new int[]{1}));
    wrong(cases, "input_too_small", session -> session.write(INPUT, floats(STEPS * BATCH * 6 - 1)));
    wrong(cases, "input_too_large", session -> session.write(INPUT, floats(STEPS * BATCH * 6 + 1)));
    wrong(cases, "input_unknown", session -> session.write(OUTPUT, floats(STEPS * BATCH * 18)));
    wrong(cases, "output_too_small", session -> session.read(OUTPUT, floats(1)));
    wrong(cases, "output_unknown", session -> session.read(INPUT, floats(STEPS * BATCH * 6)));
    wrong(cases, "state_row_beyond", session -> session.writeState(STATE, BATCH, floats(9)));
    wrong(cases, "state_row_negative", session -> session.readState(STATE, -1, floats(9)));
    wrong(cases, "state_row_partial", session -> session.writeState(STATE, 0, floats(8)));
    wrong(cases, "state_reset_beyond", session -> session.resetState(0, BATCH + 1));
    return cases;
  }

  private static Case make(String subject, String name, Case.Check check) {
    return new Case(Family.SESSION, subject, name, LSTM, check);
  }

  private static MemorySegment floats(int count) {
    return MemorySegment.ofArray(new float[count]);
  }

  /** The wrong call comes between a run and the reading of its state; then the right answer must still come. */
  private static void wrong(List<Case> cases, String name, Wrong wrong) {
    cases.add(make("wrong calls", "wrong_" + name, (backend, reference) -> {
      Data data = Data.of(name, LSTM, Shape.full(STEPS, BATCH));
      try (Trial trial = Trial.open(backend, data)) {
        trial.run(data);
        if (!refused(() -> wrong.call(trial.session()), IllegalArgumentException.class)) {
          return Finding.fault("was not refused with an IllegalArgumentException and a message");
        }
        return Tolerance.of(LSTM).compare(Trial.once(reference, data), trial.run(data));
      }
    }));
  }

  private static boolean refused(Runnable call, Class<? extends RuntimeException> expected) {
    try {
      call.run();
      return false;
    } catch (RuntimeException thrown) {
      return expected.isInstance(thrown) && String.valueOf(thrown.getMessage()).length() > 20;
    }
  }

  private static Finding smallerAfterLarger(Backend backend, Backend reference) {
    Data large = Data.of("large", LSTM, Shape.full(STEPS, BATCH));
    Data small = large.with(Shape.full(2, 3), large.inputs(1, 2, 0, 1, 2), large.states(3, 1, 0));
    try (Trial trial = Trial.open(backend, large)) {
      trial.run(large);
      return Tolerance.of(LSTM).compare(Trial.once(reference, small), trial.run(small));
    }
  }

  private static Finding twoSessions(Backend backend, Backend reference) {
    Data first = Data.of("first", LSTM, Shape.ragged(STEPS, BATCH));
    int[] rows = {3, 2, 1, 0};
    Data second = first.with(first.shape(), first.inputs(0, STEPS, rows), first.states(rows));
    Tolerance tolerance = Tolerance.of(LSTM);
    try (Trial one = Trial.open(backend, first);
        Session session = one.executable().newSession(STEPS, BATCH)) {
      Trial two = new Trial(LSTM, one.executable(), session);
      one.run(first);
      two.run(second);
      Result expected;
      try (Trial trial = Trial.open(reference, first)) {
        trial.run(first);
        expected = trial.advance(first);
      }
      return tolerance.compare(expected, one.advance(first));
    }
  }

  private static Finding fourThreads(Backend backend, Backend reference) {
    Data data = Data.of("threads", LSTM, Shape.ragged(STEPS, BATCH));
    Result expected = Trial.once(reference, data);
    try (Executable executable = compile(backend, data); ExecutorService threads = Executors.newFixedThreadPool(4)) {
      List<Callable<Finding>> calls = IntStream.range(0, 4).<Callable<Finding>>mapToObj(_ -> () -> {
        Finding runs = Finding.nothing();
        try (Session session = executable.newSession(STEPS, BATCH)) {
          Trial trial = new Trial(LSTM, executable, session);
          for (int run = 0; run < 20; run++) {
            runs = runs.and(Tolerance.of(LSTM).compare(expected, trial.run(data)));
          }
        }
        return runs;
      }).toList();
      Finding all = Finding.nothing();
      for (Future<Finding> result : threads.invokeAll(calls)) {
        all = all.and(result.get());
      }
      return all;
    } catch (InterruptedException | ExecutionException failure) {
      return Finding.fault("threw " + failure);
    }
  }

  /** A session belongs to one thread at a time: others are refused, and nothing is spoilt for good. */
  private static Finding fourThreadsOnOneSession(Backend backend, Backend reference) {
    Data data = Data.of("misuse", LSTM, Shape.ragged(STEPS, BATCH));
    try (Trial trial = Trial.open(backend, data); ExecutorService threads = Executors.newFixedThreadPool(4)) {
      List<Callable<String>> calls = Collections.nCopies(4, () -> {
        for (int run = 0; run < 50; run++) {
          try {
            trial.run(data);
          } catch (IllegalStateException refused) {
            Thread.onSpinWait();
          }
        }
        return "";
      });
      for (Future<String> result : threads.invokeAll(calls)) {
        result.get();
      }
      return Tolerance.of(LSTM).compare(Trial.once(reference, data), trial.run(data));
    } catch (InterruptedException | ExecutionException failure) {
      return Finding.fault("threw " + failure);
    }
  }

  private static Finding close(Backend backend, Backend reference) {
    Data data = Data.of("close", LSTM, Shape.full(STEPS, BATCH));
    Executable executable = compile(backend, data);
    Session session = executable.newSession(STEPS, BATCH);
    session.close();
    session.close();
    if (!refused(() -> session.begin(1, 1, null), IllegalStateException.class)) {
      return Finding.fault("a closed session was used, and did not throw an IllegalStateException");
    }
    try (Session open = executable.newSession(STEPS, BATCH)) {
      if (!refused(open::forward, IllegalStateException.class)) {
        return Finding.fault("forward without begin was not an IllegalStateException");
      }
      open.begin(STEPS, BATCH, null);
      if (!refused(open::forward, IllegalStateException.class)) {
        return Finding.fault("forward without its input was not an IllegalStateException");
      }
      if (!refused(() -> open.read(OUTPUT, floats(STEPS * BATCH * 18)), IllegalStateException.class)) {
        return Finding.fault("read before forward was not an IllegalStateException");
      }
      executable.close();
      executable.close();
      if (!refused(() -> open.begin(1, 1, null), IllegalStateException.class)) {
        return Finding.fault("a session of a closed program was used, and did not throw an IllegalStateException");
      }
    }
    return refused(() -> executable.newSession(1, 1), IllegalStateException.class)
        ? Finding.nothing()
        : Finding.fault("a closed program made a session");
  }

  /** All lengths are 0: the outputs are 0 and the states stay, whatever was there before. */
  private static Finding allRest(Backend backend, Backend reference) {
    Data data = Data.of("rest", LSTM, Shape.full(STEPS, BATCH));
    Data resting = data.with(new Shape(STEPS, BATCH, new int[BATCH]), data.inputs(), data.states());
    try (Trial trial = Trial.open(backend, data)) {
      trial.run(data);
      Map<Slot, float[]> expected = new HashMap<>(data.states());
      expected.put(OUTPUT, new float[STEPS * BATCH * OUTPUT.columns()]);
      return Tolerance.exact().compare(new Result(resting.shape(), expected), trial.run(resting));
    }
  }

  private static Finding resetState(Backend backend, Backend reference) {
    Data data = Data.of("reset", LSTM, Shape.full(STEPS, BATCH));
    try (Trial given = Trial.open(backend, data); Trial expected = Trial.open(reference, data)) {
      given.run(data);
      expected.run(data);
      given.session().resetState(1, 2);
      expected.session().resetState(1, 2);
      Finding some = Tolerance.of(LSTM).compare(expected.advance(data), given.advance(data));
      given.session().resetState(0, BATCH);
      return some.and(Tolerance.of(LSTM)
          .compare(Trial.once(reference, data.with(data.shape(), data.inputs(), Map.of())), given.advance(data)));
    }
  }

  /** Runs of these shapes are refused between two calls of another, which is then as if nothing had been. */
  private static Finding refusedRun(Backend backend, Backend reference, Program program, Shape... refused) {
    Data data = Data.of("refused", program, new Shape(3, 3, new int[]{3, 0, 2}));
    try (Trial trial = Trial.open(backend, data, 2, STEPS, BATCH)) {
      trial.run(data);
      for (Shape shape : refused) {
        if (!refused(() -> trial.session().begin(shape.steps(), shape.batch(), shape.lengths()),
            IllegalArgumentException.class)) {
          return Finding.fault("a run of " + shape + " was not refused with an IllegalArgumentException and a message");
        }
      }
      return Tolerance.of(program).compare(Trial.once(reference, data), trial.run(data));
    }
  }

  private static Finding indexOutside(Backend backend, Backend reference) {
    Data data = Data.of("index", WORDS, Shape.full(1, 2));
    Slot indices = WORDS.slots(Slot.Role.INPUT).getFirst();
    try (Trial trial = Trial.open(backend, data)) {
      for (int wrong : new int[]{-1, 10, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
        trial.session().begin(1, 2, null);
        if (!refused(() -> trial.session().write(indices, MemorySegment.ofArray(new int[]{3, wrong})),
            IllegalArgumentException.class)) {
          return Finding.fault("index " + wrong + " was not refused with an IllegalArgumentException");
        }
      }
      return Tolerance.of(WORDS).compare(Trial.once(reference, data), trial.run(data));
    }
  }

  private static Executable compile(Backend backend, Data data) {
    return backend.compile(LSTM, new CompileOptions(2),
        slot -> MemorySegment.ofArray(data.parameters().getOrDefault(slot, new float[0])));
  }
}
