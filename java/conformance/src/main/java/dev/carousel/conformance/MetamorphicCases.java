package dev.carousel.conformance;

import dev.carousel.Dense;
import dev.carousel.Directions;
import dev.carousel.Embedding;
import dev.carousel.LastStep;
import dev.carousel.Lstm;
import dev.carousel.Network;
import dev.carousel.Recurrent;
import dev.carousel.spi.Backend;
import dev.carousel.spi.Backend.Promise;
import dev.carousel.spi.Order;
import dev.carousel.spi.Session;
import dev.carousel.spi.form.Program;
import dev.carousel.spi.form.Slot;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Two ways to one answer, on the back end alone: bit for bit where it promises that, else within the tolerance.
 */
final class MetamorphicCases {
  private static final int STEPS = 7;
  private static final int BATCH = 6;
  private static final Shape RAGGED = Shape.ragged(STEPS, BATCH);
  private static final int DRAWN = 20; // drawn networks that are asked everything
  private static final int STREAMED = 100; // of which those that stream are asked to

  private MetamorphicCases() {}

  /** The comparison of a case, given its data. */
  private interface Relation {
    Finding compare(Backend backend, Data data, Tolerance tolerance);
  }

  static List<Case> all() {
    List<Case> cases = new ArrayList<>();
    Map<String, Program> programs = programs();
    programs.forEach((name, program) -> {
      add(cases, "run_twice", name, program, Promise.REPEATABLE, MetamorphicCases::runTwice);
      add(cases, "threads", name, program, Promise.THREAD_INDEPENDENT, MetamorphicCases::threads);
      add(cases, "rows_alone", name, program, Promise.ROW_INDEPENDENT, MetamorphicCases::rowsAlone);
      add(cases, "rows_reversed", name, program, Promise.ROW_INDEPENDENT, MetamorphicCases::rowsReversed);
      add(cases, "padding", name, program, Promise.REPEATABLE, MetamorphicCases::padding);
      add(cases, "resting_row", name, program, Promise.REPEATABLE, MetamorphicCases::restingRow);
      add(cases, "batch_major", name, program, Promise.REPEATABLE, MetamorphicCases::batchMajor);
    });
    LayerCases.cells(8, 9).forEach((name, cell) -> add(cases, "streamed", name, Network.of(cell).lower().program(),
        Promise.ROW_INDEPENDENT, MetamorphicCases::streamed));
    Map<String, Network> graphs = new LinkedHashMap<>(GraphNetworks.named());
    IntStream.range(0, STREAMED).forEach(seed -> graphs.put("drawn" + seed, DrawnGraphs.of(seed)));
    graphs.forEach((name, network) -> {
      if (network.streams()) {
        add(cases, "streamed", name, network.lower().program(), Promise.ROW_INDEPENDENT, MetamorphicCases::streamed);
      }
    });
    return cases;
  }

  private static Map<String, Program> programs() {
    Map<String, Program> programs = new LinkedHashMap<>();
    for (Map.Entry<String, Recurrent> cell : LayerCases.cells(8, 9).entrySet()) {
      programs.put(cell.getKey(),
          Network.of(LayerCases.turned(cell.getValue(), Directions.CONCAT)).lower().program());
    }
    programs.put("classifier", Network.of(Embedding.of(12, 5), Lstm.of(5, 17).directions(Directions.AVERAGE),
        LastStep.of(17), Dense.of(17, 4).softmax()).lower().program());
    GraphNetworks.named().forEach((name, network) -> programs.put(name, network.lower().program()));
    IntStream.range(0, DRAWN).forEach(seed -> programs.put("drawn" + seed, DrawnGraphs.of(seed).lower().program()));
    return programs;
  }

  private static void add(List<Case> cases, String way, String cell, Program program, Promise promise,
      Relation relation) {
    String name = way + "_" + cell;
    cases.add(new Case(Family.METAMORPHIC, way.replace('_', ' '), name, program,
        (backend, _) -> relation.compare(backend,
            Data.of(name, program, RAGGED.fitting(program)),
            backend.promises().contains(promise) ? Tolerance.exact() : Tolerance.of(program))));
  }

  private static Finding runTwice(Backend backend, Data data, Tolerance tolerance) {
    try (Trial trial = Trial.open(backend, data)) {
      return tolerance.compare(trial.run(data), trial.run(data));
    }
  }

  private static Finding threads(Backend backend, Data data, Tolerance tolerance) {
    try (Trial one = Trial.open(backend, data, 1, data.shape().steps(), BATCH);
        Trial more = Trial.open(backend, data, 3, data.shape().steps(), BATCH)) {
      return tolerance.compare(one.run(data), more.run(data));
    }
  }

  private static Finding rowsAlone(Backend backend, Data data, Tolerance tolerance) {
    Result together = Trial.once(backend, data);
    Finding all = Finding.nothing();
    for (int row = 0; row < BATCH; row++) {
      int steps = data.shape().length(row);
      if (steps > 0) {
        Data alone = data.with(Shape.full(steps, 1), data.inputs(0, steps, row), data.states(row));
        all = all.and(tolerance.compare(Trial.once(backend, alone), together.row(row, steps))
            .of("sequence " + row + " differs from itself alone"));
      }
    }
    return all;
  }

  private static Finding rowsReversed(Backend backend, Data data, Tolerance tolerance) {
    int[] rows = IntStream.range(0, BATCH).map(row -> BATCH - 1 - row).toArray();
    int[] lengths = IntStream.of(rows).map(data.shape()::length).toArray();
    Data reversed = data.with(new Shape(STEPS, BATCH, lengths), data.inputs(0, STEPS, rows), data.states(rows));
    Result expected = Trial.once(backend, data);
    Result given = Trial.once(backend, reversed);
    Finding all = Finding.nothing();
    for (int row = 0; row < BATCH; row++) {
      all = all.and(tolerance.compare(expected.row(row, STEPS), given.row(rows[row], STEPS))
          .of("sequence " + row + " differs at row " + rows[row]));
    }
    return all;
  }

  /** NaN in the padding, which as an index is far outside of any table. */
  private static Finding padding(Backend backend, Data data, Tolerance tolerance) {
    Map<Slot, MemorySegment> spoilt = new HashMap<>(data.inputs(0, STEPS, IntStream.range(0, BATCH).toArray()));
    spoilt.forEach((slot, values) -> {
      for (long row = 0; row < values.byteSize() / slot.rowBytes(); row++) {
        int length = data.shape().length((int) (row % BATCH));
        boolean valid = slot.extent() == Slot.Extent.STEPS ? row / BATCH < length : length > 0;
        for (int column = 0; column < slot.columns() && !valid; column++) {
          values.setAtIndex(ValueLayout.JAVA_FLOAT, row * slot.columns() + column, Float.NaN);
        }
      }
    });
    return tolerance.compare(Trial.once(backend, data),
        Trial.once(backend, data.with(data.shape(), spoilt, data.states())));
  }

  /** Row 2 has length 0: its outputs are 0 and its state is what it was; padding elsewhere is 0 too. */
  private static Finding restingRow(Backend backend, Data data, Tolerance tolerance) {
    Result result = Trial.once(backend, data);
    for (var entry : result.values().entrySet()) {
      Slot slot = entry.getKey();
      float[] states = data.states().getOrDefault(slot, new float[0]);
      for (int i = 0; i < entry.getValue().length; i++) {
        int row = i / slot.columns();
        int length = data.shape().length(row % BATCH);
        boolean rests = slot.extent() == Slot.Extent.STEPS ? row / BATCH >= slot.axis().steps(length) : length == 0;
        float expected = slot.role() == Slot.Role.STATE ? states[i] : 0;
        if (rests && entry.getValue()[i] != expected) {
          return Finding.fault("slot " + slot + ", sequence " + row % BATCH + " of length " + length + ", step "
              + row / BATCH + ", column " + i % slot.columns() + " is " + entry.getValue()[i] + " instead of "
              + expected);
        }
      }
    }
    return tolerance.compare(result, Trial.once(backend, data));
  }

  /** Steps 0 to 6 in calls of 1, 4 and 2 steps; and a stream that moves from row 1 to row 0 of another session. */
  private static Finding streamed(Backend backend, Data data, Tolerance tolerance) {
    int[] rows = IntStream.range(0, BATCH).toArray();
    Data full = data.with(Shape.full(STEPS, BATCH), data.inputs(), data.states());
    Result whole = Trial.once(backend, full);
    try (Trial stream = Trial.open(backend, full)) {
      stream.run(data.with(Shape.full(1, BATCH), data.inputs(0, 1, rows), data.states()));
      Result last = stream.advance(data.with(Shape.full(4, BATCH), data.inputs(1, 4, rows), Map.of()));
      Finding movedWell;
      try (Trial other = Trial.open(backend, full)) {
        Map<Slot, float[]> moved = new HashMap<>();
        last.row(1, 4).values().forEach((slot, values) -> {
          if (slot.role() == Slot.Role.STATE) {
            moved.put(slot, values);
          }
        });
        Result alone = other.run(data.with(Shape.full(2, 1), data.inputs(5, 2, 1), moved));
        movedWell = tolerance.compare(states(whole.row(1, STEPS)), states(alone.row(0, 2)))
            .of("a stream that moved to another session");
      }
      last = stream.advance(data.with(Shape.full(2, BATCH), data.inputs(5, 2, rows), Map.of()));
      return movedWell.and(tolerance.compare(tail(whole, 2), last));
    }
  }

  /** A session that takes and gives sequence after sequence, each with all its steps. */
  private static Finding batchMajor(Backend backend, Data data, Tolerance tolerance) {
    int steps = data.shape().steps();
    Map<Slot, MemorySegment> turned = new HashMap<>();
    data.inputs().forEach((slot, values) -> turned.put(slot, turned(slot, values, steps, BATCH)));
    try (Trial trial = Trial.open(backend, data);
        Session session = trial.executable().newSession(steps, BATCH, Order.BATCH_MAJOR)) {
      Result given = new Trial(data.program(), trial.executable(), session)
          .run(data.with(data.shape(), turned, data.states()));
      Map<Slot, float[]> back = new HashMap<>();
      given.values().forEach((slot, values) -> back.put(slot,
          turned(slot, MemorySegment.ofArray(values), BATCH, slot.axis().steps(steps))
              .toArray(ValueLayout.JAVA_FLOAT)));
      return tolerance.compare(trial.run(data), new Result(data.shape(), back));
    }
  }

  /** Rows of so many times so many, of which the second count is now the first; others stay. */
  private static MemorySegment turned(Slot slot, MemorySegment values, int first, int second) {
    MemorySegment copy = MemorySegment.ofArray(new float[(int) (values.byteSize() / 4)]).copyFrom(values);
    for (int row = 0; row < first * second && slot.extent() == Slot.Extent.STEPS; row++) {
      long to = (long) row % second * first + row / second;
      MemorySegment.copy(values, row * slot.rowBytes(), copy, to * slot.rowBytes(), slot.rowBytes());
    }
    return copy;
  }

  private static Result states(Result result) {
    Map<Slot, float[]> states = new HashMap<>(result.values());
    states.keySet().removeIf(slot -> slot.role() != Slot.Role.STATE);
    return new Result(result.shape(), states);
  }

  /** The last steps of the outputs, and the states. */
  private static Result tail(Result whole, int steps) {
    Map<Slot, float[]> values = new HashMap<>();
    whole.values().forEach((slot, all) -> {
      int from = slot.extent() == Slot.Extent.STEPS ? all.length - steps * BATCH * slot.columns() : 0;
      values.put(slot, Arrays.copyOfRange(all, from, all.length));
    });
    return new Result(Shape.full(steps, BATCH), values);
  }
}
