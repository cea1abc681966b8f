package dev.carousel.conformance;

import dev.carousel.Embedding;
import dev.carousel.Lstm;
import dev.carousel.Network;
import dev.carousel.spi.Backend;
import dev.carousel.spi.form.Program;
import dev.carousel.spi.form.Slot;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Memory that a second thread goes on writing while a call reads it: indices, lengths, states. A call is refused, or it
 * answers for what was there at one time; nothing else happens, and native code never sees what was not checked.
 */
final class SharedMemoryCases {
  private static final int STEPS = 6;
  private static final int BATCH = 3;
  private static final int RUNS = 500; // in whose midst the other thread wrote
  private static final long PATIENCE = 1_000_000_000; // ns, where it hardly gets a processor
  private static final int FAR = 0x7ffffff0;
  private static final Program LSTM = Network.of(Lstm.of(2, 9)).lower().program();
  private static final Program WORDS = Network.of(Embedding.of(10, 4), Lstm.of(4, 9)).lower().program();

  private SharedMemoryCases() {}

  /** What another thread does to the memory, again and again, and a call that reads it. */
  private interface Write {
    void to(int value);
  }

  static List<Case> all() {
    return List.of(
        make("index_memory_is_not_lent", WORDS, SharedMemoryCases::notLent),
        make("indices_change_meanwhile", WORDS, SharedMemoryCases::indices),
        make("lengths_change_meanwhile", LSTM, SharedMemoryCases::lengths),
        make("lengths_become_wrong_meanwhile", LSTM, SharedMemoryCases::wrongLengths),
        make("a_state_changes_meanwhile", LSTM, SharedMemoryCases::states),
        make("lent_input_changes_meanwhile", LSTM, SharedMemoryCases::lentInput));
  }

  private static Case make(String name, Program program, Case.Check check) {
    return new Case(Family.SESSION, "shared memory", name, program, check);
  }

  private static Finding notLent(Backend backend, Backend reference) {
    try (Trial trial = Trial.open(backend, Data.of("lent", WORDS, Shape.full(STEPS, BATCH)))) {
      return trial.session().memory(input(WORDS)) == null ? Finding.nothing()
          : Finding.fault("the memory of indices is lent, and can be changed after they were checked");
    }
  }

  private static Finding indices(Backend backend, Backend reference) {
    Data data = Data.of("indices", WORDS, Shape.full(STEPS, BATCH));
    MemorySegment shared = MemorySegment.ofArray(new int[STEPS * BATCH]).copyFrom(data.input());
    int place = STEPS * BATCH - 1;
    int right = shared.getAtIndex(ValueLayout.JAVA_INT, place);
    Data given = data.with(data.shape(), shared);
    return meanwhile(backend, given, List.of(Trial.once(reference, data)),
        value -> shared.setAtIndex(ValueLayout.JAVA_INT, place, value == 0 ? right : FAR));
  }

  private static Finding lengths(Backend backend, Backend reference) {
    int[] shared = {2, 1, STEPS};
    Data one = Data.of("lengths", LSTM, new Shape(STEPS, BATCH, new int[]{2, 1, STEPS}));
    Data other = one.with(new Shape(STEPS, BATCH, new int[]{2, 5, STEPS}), one.input());
    return meanwhile(backend, one.with(new Shape(STEPS, BATCH, shared), one.input()),
        List.of(Trial.once(reference, one), Trial.once(reference, other)),
        value -> shared[1] = value == 0 ? 1 : 5);
  }

  private static Finding wrongLengths(Backend backend, Backend reference) {
    int[] shared = {2, 1, STEPS};
    Data data = Data.of("lengths", LSTM, new Shape(STEPS, BATCH, new int[]{2, 1, STEPS}));
    return meanwhile(backend, data.with(new Shape(STEPS, BATCH, shared), data.input()),
        List.of(Trial.once(reference, data)), value -> shared[1] = value == 0 ? 1 : FAR);
  }

  private static Finding states(Backend backend, Backend reference) {
    Data data = Data.of("states", LSTM, Shape.full(STEPS, BATCH));
    Slot state = LSTM.slots(Slot.Role.STATE).getFirst();
    float[] shared = new float[BATCH * state.columns()];
    float[] before = shared.clone();
    float[] after = shared.clone();
    after[10] = 1;
    return meanwhile(backend, data.with(state, shared),
        List.of(Trial.once(reference, data.with(state, before)), Trial.once(reference, data.with(state, after))),
        value -> shared[10] = value);
  }

  /** What is run while its memory changes is nobody's business; what is run after that is. */
  private static Finding lentInput(Backend backend, Backend reference) {
    Data data = Data.of("lent input", LSTM, Shape.full(STEPS, BATCH));
    try (Trial trial = Trial.open(backend, data)) {
      MemorySegment place = trial.session().memory(input(LSTM));
      if (place == null) {
        return Tolerance.of(LSTM).compare(Trial.once(reference, data), trial.run(data));
      }
      MemorySegment lent = place.copyFrom(data.input());
      try (Writer writer = new Writer(value -> lent.setAtIndex(ValueLayout.JAVA_INT, 7, value * FAR))) {
        while (writer.goesOn()) {
          trial.run(data.with(data.shape(), lent));
        }
      }
      lent.copyFrom(data.input());
      return Tolerance.of(LSTM).compare(Trial.once(reference, data), trial.run(data.with(data.shape(), lent)));
    }
  }

  /** Runs many times while another thread writes; each run is refused, or right for one of the states of the memory. */
  private static Finding meanwhile(Backend backend, Data data, List<Result> expected, Write write) {
    Tolerance tolerance = Tolerance.of(data.program());
    try (Trial trial = Trial.open(backend, data); Writer writer = new Writer(write)) {
      while (writer.goesOn()) {
        Result result = answer(trial, data);
        List<Finding> each = result == null ? List.of()
            : expected.stream().map(one -> tolerance.compare(one, result)).toList();
        if (!each.isEmpty() && each.stream().noneMatch(Finding::right)) {
          return each.getFirst();
        }
      }
      return Finding.nothing();
    }
  }

  private static @Nullable Result answer(Trial trial, Data data) {
    try {
      return trial.run(data);
    } catch (IllegalArgumentException refused) {
      return null;
    }
  }

  private static Slot input(Program program) {
    return program.slots(Slot.Role.INPUT).getFirst();
  }

  /** A thread that writes 0 and 1 in turns until it is closed. */
  private static final class Writer implements AutoCloseable {
    private final AtomicBoolean done = new AtomicBoolean();
    private final AtomicLong turns = new AtomicLong();
    private final Thread thread;
    private final long begin = System.nanoTime();
    private long seen;
    private int runs;

    Writer(Write write) {
      thread = Thread.ofPlatform().daemon().name("carousel-writer").start(() -> {
        while (!done.get()) {
          write.to((int) turns.incrementAndGet() & 1);
        }
        write.to(0);
      });
    }

    /** Whether another run is wanted: until it has written in the midst of enough of them. */
    boolean goesOn() {
      long now = turns.get();
      runs += now > seen ? 1 : 0;
      seen = now;
      return runs < RUNS && System.nanoTime() - begin < PATIENCE;
    }

    @Override
    public void close() {
      done.set(true);
      boolean interrupted = false;
      while (thread.isAlive()) {
        try {
          thread.join();
        } catch (InterruptedException again) {
          interrupted = true;
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
