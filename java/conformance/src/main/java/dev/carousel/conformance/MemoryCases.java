package dev.carousel.conformance;

import dev.carousel.Network;
import dev.carousel.spi.Backend;
import dev.carousel.spi.CompileOptions;
import dev.carousel.spi.Executable;
import dev.carousel.spi.Session;
import dev.carousel.spi.form.Program;
import dev.carousel.spi.form.Slot;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What is read and written where it should not be. */
final class MemoryCases {
  private static final float SENTINEL = -12345.678f;
  private static final int MARGIN = 32; // floats on either side of an output
  private static final Shape LARGE = Shape.full(6, 7);
  private static final Shape SMALL = Shape.ragged(5, 6);

  private MemoryCases() {}

  static List<Case> all() {
    Map<String, Program> programs = new LinkedHashMap<>();
    LayerCases.cells(7, 9).forEach((name, cell) -> programs.put(name, Network.of(cell).lower().program()));
    NetworkCases.named().forEach((name, network) -> programs.put(name, network.lower().program()));
    List<Case> cases = new ArrayList<>();
    programs.forEach((name, program) -> {
      cases.add(new Case(Family.MEMORY, "guarded pages", "guarded_" + name, program, guarded(name, program)));
      cases.add(new Case(Family.MEMORY, "sentinels", "sentinels_" + name, program, sentinels(name, program)));
      cases.add(new Case(Family.MEMORY, "poisoned buffers", "poisoned_" + name, program, poisoned(name, program)));
      cases.add(new Case(Family.MEMORY, "parameters gone", "parameters_gone_" + name, program,
          parametersGone(name, program)));
    });
    return cases;
  }

  /** Parameters and inputs end where memory ends. Without such memory the case compares plain copies. */
  private static Case.Check guarded(String name, Program program) {
    return (backend, reference) -> {
      Shape shape = SMALL.fitting(program);
      Data data = Data.of(name, program, shape);
      try (Arena arena = Arena.ofShared()) {
        GuardedMemory memory = GuardedMemory.available() ? new GuardedMemory(arena) : null;
        Map<Slot, MemorySegment> inputs = new HashMap<>(data.inputs());
        if (memory != null) {
          inputs.replaceAll((_, values) -> memory.copy(values));
        }
        try (Executable executable = backend.compile(program, new CompileOptions(2), slot -> {
          MemorySegment values = MemorySegment.ofArray(data.parameters().getOrDefault(slot, new float[0]));
          return memory == null ? values : memory.copy(values);
        }); Session session = executable.newSession(shape.steps(), shape.batch())) {
          Trial trial = new Trial(program, executable, session);
          return Tolerance.of(program).compare(Trial.once(reference, data),
              trial.run(data.with(shape, inputs, data.states())));
        }
      }
    };
  }

  /** Outputs and states are read into the middle of larger memory, whose ends must stay. */
  private static Case.Check sentinels(String name, Program program) {
    return (backend, _) -> {
      Shape shape = SMALL.fitting(program);
      Data data = Data.of(name, program, shape);
      try (Trial trial = Trial.open(backend, data)) {
        trial.run(data);
        for (Slot.Role role : new Slot.Role[]{Slot.Role.OUTPUT, Slot.Role.STATE}) {
          for (Slot slot : program.slots(role)) {
            int count = slot.rows(shape.steps(), shape.batch()) * slot.columns();
            float[] memory = new float[count + 2 * MARGIN];
            Arrays.fill(memory, SENTINEL);
            MemorySegment middle = MemorySegment.ofArray(memory).asSlice(4L * MARGIN, 4L * count);
            if (role == Slot.Role.OUTPUT) {
              trial.session().read(slot, middle);
            } else {
              trial.session().readState(slot, 0, middle);
            }
            for (int i = 0; i < memory.length; i++) {
              if ((memory[i] == SENTINEL) != (i < MARGIN || i >= MARGIN + count)) {
                return Finding.fault("slot " + slot + " was read into " + count + " floats, and float " + (i - MARGIN)
                    + " is " + memory[i]);
              }
            }
          }
        }
        return Finding.nothing();
      }
    };
  }

  /** A larger run leaves NaN in every buffer; a run after it must not find one. */
  private static Case.Check poisoned(String name, Program program) {
    return (backend, reference) -> {
      Shape shape = SMALL.fitting(program);
      Data large = Data.of(name, program, LARGE);
      Map<Slot, MemorySegment> poison = new HashMap<>();
      large.inputs().forEach((slot, values) -> {
        MemorySegment copy = MemorySegment.ofArray(new float[(int) (values.byteSize() / 4)]).copyFrom(values);
        for (long i = 0; i < values.byteSize() / 4 && slot.element() == Slot.Element.F32; i++) {
          copy.setAtIndex(ValueLayout.JAVA_FLOAT, i, Float.NaN);
        }
        poison.put(slot, copy);
      });
      int[] rows = {0, 1, 2, 3, 4, 5};
      Data small = large.with(shape, large.inputs(0, shape.steps(), rows), large.states(rows));
      try (Trial trial = Trial.open(backend, large)) {
        trial.run(large.with(LARGE, poison, large.states()));
        trial.session().resetState(0, LARGE.batch());
        return Tolerance.of(program).compare(Trial.once(reference, small), trial.run(small));
      }
    };
  }

  /** Parameters are overwritten and freed once compile has returned. */
  private static Case.Check parametersGone(String name, Program program) {
    return (Backend backend, Backend reference) -> {
      Shape shape = SMALL.fitting(program);
      Data data = Data.of(name, program, shape);
      Executable executable;
      try (Arena arena = Arena.ofShared()) {
        Map<Slot, MemorySegment> given = new HashMap<>();
        data.parameters()
            .forEach((slot, values) -> given.put(slot, arena.allocateFrom(ValueLayout.JAVA_FLOAT, values)));
        executable = backend.compile(program, new CompileOptions(2),
            slot -> given.getOrDefault(slot, MemorySegment.NULL));
        given.values().forEach(values -> values.fill((byte) -1));
      }
      try (executable; Session session = executable.newSession(shape.steps(), shape.batch())) {
        Trial trial = new Trial(program, executable, session);
        return Tolerance.of(program).compare(Trial.once(reference, data), trial.run(data));
      }
    };
  }
}
