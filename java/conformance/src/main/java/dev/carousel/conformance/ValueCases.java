package dev.carousel.conformance;

import dev.carousel.Network;
import dev.carousel.spi.form.AcrossSteps;
import dev.carousel.spi.form.Activation;
import dev.carousel.spi.form.CellUpdate;
import dev.carousel.spi.form.GateGemm;
import dev.carousel.spi.form.Mapping;
import dev.carousel.spi.form.Program;
import dev.carousel.spi.form.Slot;
import dev.carousel.spi.form.View;
import dev.carousel.spi.form.Window;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;

/** Numbers at the edge: each must come out as the formulas say, and stay in its row. */
final class ValueCases {
  private static final float[] EDGES = {0f, -0f, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, Float.NaN, 1e4f,
      -1e4f,
      88f, -88f, 104f, -104f, 1e-40f, -1e-40f, Float.MIN_VALUE, 1f, -1f};
  private static final Shape SHAPE = Shape.full(4, 12);

  private ValueCases() {}

  static List<Case> all() {
    Map<String, Program> programs = new HashMap<>();
    for (Activation one : Activations.all()) {
      String name = Activations.name(one);
      programs.put("activate_" + name, activate(one));
      if (Activations.carries(one.kind())) {
        programs.put("rnn_" + name, CellPrograms.rnn(9, one, CellUpdate.NO_CLIP));
      }
    }
    List<Activation> usual = List.of(Activation.SIGMOID, Activation.TANH, Activation.TANH);
    for (float clip : new float[]{CellUpdate.NO_CLIP, 2f}) {
      String end = clip == 2f ? "_clip" : "";
      programs.put("lstm" + end, CellPrograms.lstm(9, false, false, usual, clip));
      programs.put("lstm_peephole_coupled" + end, CellPrograms.lstm(9, true, true, usual, clip));
      programs.put("gru_after" + end, CellPrograms.gru(9, true, Activation.SIGMOID, Activation.TANH, clip));
      programs.put("gru_before" + end, CellPrograms.gru(9, false, Activation.SIGMOID, Activation.TANH, clip));
    }
    programs.put("softmax", Program.of(List.of(new Mapping.Softmax(input(), output()))));
    programs.put("log_softmax", Program.of(List.of(new Mapping.LogSoftmax(input(), output()))));
    programs.put("pool_max", Program.of(List.of(new AcrossSteps.Pool(AcrossSteps.Pool.Rule.MAX, input(),
        Slot.batch(Slot.Role.OUTPUT, "output", 9).view()))));
    programs.put("softmax_steps", Program.of(List.of(new AcrossSteps.SoftmaxSteps(input(), output()))));
    programs.put("gather", Program.of(List.of(new AcrossSteps.Gather(Window.of(3).padSame(), input(), null,
        Slot.steps(Slot.Role.OUTPUT, "output", 27).view()))));
    for (Mapping.Combine.Rule rule : Mapping.Combine.Rule.values()) {
      programs.put("combine_" + rule.name().toLowerCase(Locale.ROOT), Program.of(List.of(new Mapping.Combine(rule,
          input(), Slot.steps(Slot.Role.INPUT, "other", 9).view(), output()))));
    }
    LayerCases.cells(5, 9).forEach((name, cell) -> programs.put("layer_" + name, Network.of(cell).lower().program()));
    List<Case> cases = new ArrayList<>();
    programs.entrySet().stream().sorted(Map.Entry.comparingByKey()).forEach(entry -> {
      cases.add(edges(entry.getKey(), entry.getValue()));
      // Behind a product the roundings of large terms would count as errors of a small sum.
      if (entry.getValue().operations().noneMatch(GateGemm.class::isInstance)) {
        cases.add(saturated(entry.getKey() + "_saturated", entry.getValue()));
      }
    });
    return cases;
  }

  private static View input() {
    return Slot.steps(Slot.Role.INPUT, "input", 9).view();
  }

  private static View output() {
    return Slot.steps(Slot.Role.OUTPUT, "output", 9).view();
  }

  private static Program activate(Activation activation) {
    return Program.of(List.of(new Mapping.Activate(activation, input(), output())));
  }

  /** Some elements of most rows are replaced; rows 0, 4 and 8 stay plain, and so must their results. */
  private static Case edges(String name, Program program) {
    return new Case(Family.VALUES, Subject.of(program), name, program, (backend, reference) -> {
      Data data = Data.of(name, program, SHAPE);
      SplittableRandom random = new SplittableRandom(name.hashCode());
      data.inputs().forEach((slot, values) -> {
        for (long row = 0; row < values.byteSize() / 4 / slot.columns(); row++) {
          if (row % SHAPE.batch() % 4 != 0) {
            long at = row * slot.columns() + random.nextInt(slot.columns());
            values.setAtIndex(ValueLayout.JAVA_FLOAT, at, EDGES[random.nextInt(EDGES.length)]);
          }
        }
      });
      Result expected = Trial.once(reference, data);
      Result result = Trial.once(backend, data);
      for (int row = 0; row < SHAPE.batch(); row += 4) {
        if (result.row(row, SHAPE.steps()).hasNaN() && !expected.row(row, SHAPE.steps()).hasNaN()) {
          return Finding.fault("row " + row + " has none of the edges, and NaN in its result");
        }
      }
      return Tolerance.of(program).compare(expected, result);
    });
  }

  private static Case saturated(String name, Program program) {
    return new Case(Family.VALUES, Subject.of(program), name, program, (backend, reference) -> {
      Data data = Data.of(name, program, SHAPE);
      Map<Slot, MemorySegment> large = new HashMap<>();
      data.inputs().forEach((slot, values) -> {
        float[] scaled = values.toArray(ValueLayout.JAVA_FLOAT);
        for (int i = 0; i < scaled.length; i++) {
          scaled[i] *= 200;
        }
        large.put(slot, MemorySegment.ofArray(scaled));
      });
      Data saturated = data.with(SHAPE, large, data.states());
      return Tolerance.of(program).compare(Trial.once(reference, saturated), Trial.once(backend, saturated));
    });
  }
}
