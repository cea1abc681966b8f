package dev.carousel.conformance;

import static dev.carousel.conformance.OperationCases.input;
import static dev.carousel.conformance.OperationCases.lower;
import static dev.carousel.conformance.OperationCases.output;

import dev.carousel.spi.form.AcrossSteps;
import dev.carousel.spi.form.Activation;
import dev.carousel.spi.form.Axis;
import dev.carousel.spi.form.CellUpdate;
import dev.carousel.spi.form.GateGemm;
import dev.carousel.spi.form.Mapping;
import dev.carousel.spi.form.Program;
import dev.carousel.spi.form.Scan;
import dev.carousel.spi.form.Slot;
import dev.carousel.spi.form.Step;
import dev.carousel.spi.form.View;
import dev.carousel.spi.form.Window;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Each operation across steps in the smallest Program that holds it, over runs of one step, full ones and ragged ones. */
final class StepsCases {
  private static final Shape[] SHAPES = {Shape.full(1, 1), Shape.full(7, 3), Shape.ragged(9, 8)};
  private static final Window HALVES = Window.of(3).stride(2).padSame();

  private final List<Case> cases = new ArrayList<>();

  private StepsCases() {}

  static List<Case> all() {
    StepsCases made = new StepsCases();
    for (int columns : new int[]{1, 8, 9, 33}) {
      made.sequences("_n" + columns, input(columns), columns);
    }
    made.sequences("_views", input(29).slot().columns(7, 9), 9);
    made.windows();
    made.histories();
    made.repeats();
    made.flattened();
    made.otherAxes();
    return made.cases;
  }

  private void add(String name, Step... steps) {
    Program program = Program.of(List.of(steps));
    for (Shape shape : SHAPES) {
      String full = shape.lengths() == null ? "_" + shape : "";
      cases.add(Case.differential(Family.OPERATION, Subject.of(program), name + full, program, shape));
    }
  }

  private static Slot steps(String name, Axis axis, int columns) {
    return Slot.steps(Slot.Role.OUTPUT, name, axis, columns);
  }

  /** From all steps of a sequence to one row, or to the steps again. */
  private void sequences(String size, View in, int columns) {
    View out = output(Slot.Extent.BATCH, columns);
    add("last_step" + size, new AcrossSteps.LastStep(in, out));
    for (AcrossSteps.Pool.Rule rule : AcrossSteps.Pool.Rule.values()) {
      add("pool_" + lower(rule) + size, new AcrossSteps.Pool(rule, in, out));
    }
    View weights = steps("weights", Axis.RUN, columns).view();
    add("softmax_steps" + size, new AcrossSteps.SoftmaxSteps(in, weights));
    add("softmax_steps_in_place" + size, new Mapping.Copy(in, weights),
        new AcrossSteps.SoftmaxSteps(weights, weights));
    for (int heads : new int[]{1, 3}) {
      View given = Slot.steps(Slot.Role.INPUT, "weights", heads + 2).columns(1, heads);
      add("weighted_sum_" + heads + size,
          new AcrossSteps.WeightedSum(given, in, output(Slot.Extent.BATCH, heads * columns)));
    }
  }

  /** The windows by name; there are sequences shorter than most of them. */
  private static Map<String, Window> families() {
    Map<String, Window> windows = new LinkedHashMap<>();
    windows.put("w1", Window.of(1));
    windows.put("w3", Window.of(3));
    windows.put("w2_stride2", Window.of(2).stride(2));
    windows.put("w1_stride3", Window.of(1).stride(3));
    windows.put("w2_dilation3", Window.of(2).dilation(3));
    windows.put("w3_stride2_dilation2_pad", Window.of(3).stride(2).dilation(2).padding(3, 2));
    windows.put("w4_pad_before", Window.of(4).padding(2, 0));
    windows.put("w4_pad_after", Window.of(4).padding(0, 3));
    windows.put("w3_causal", Window.of(3).causal());
    windows.put("w2_dilation4_causal", Window.of(2).dilation(4).causal());
    for (int width = 1; width <= 5; width++) {
      for (int stride = 1; stride <= 3; stride++) {
        windows.put("w" + width + "_stride" + stride + "_same", Window.of(width).stride(stride).padSame());
      }
    }
    windows.put("w3_dilation3_same", Window.of(3).dilation(3).padSame());
    windows.put("w4_stride2_dilation2_same", Window.of(4).stride(2).dilation(2).padSame());
    return windows;
  }

  private void windows() {
    View in = input(11).slot().columns(2, 5);
    families().forEach((name, window) -> {
      Axis axis = window.over(Axis.RUN);
      View pooled = steps("output", axis, 5).view();
      add("window_max_" + name, new AcrossSteps.WindowPool(AcrossSteps.Pool.Rule.MAX, window, false, in, pooled));
      add("window_mean_" + name, new AcrossSteps.WindowPool(AcrossSteps.Pool.Rule.MEAN, window, false, in, pooled));
      add("window_mean_padded_" + name,
          new AcrossSteps.WindowPool(AcrossSteps.Pool.Rule.MEAN, window, true, in, pooled));
      View rows = steps("output", axis, 5 * window.width()).view();
      add("gather_" + name, new AcrossSteps.Gather(window, in, null, rows));
    });
  }

  /** Windows that go on where the run before ended: of more steps than a run has, and of fewer. */
  private void histories() {
    View in = input(7).slot().columns(1, 4);
    List.of(Window.of(2).causal(), Window.of(3).causal(), Window.of(3).dilation(2).causal(),
        Window.of(4).dilation(5).causal()).forEach(window -> {
          int kept = (window.reach() - 1) * 4;
          Slot history = Slot.batch(Slot.Role.STATE, "history", kept + 5);
          add("gather_history_w" + window.width() + "_d" + window.dilation(), new AcrossSteps.Gather(window, in,
              history.columns(3, kept), steps("output", Axis.RUN, 4 * window.width()).view()));
        });
  }

  private void repeats() {
    View in = Slot.batch(Slot.Role.INPUT, "row", 11).columns(2, 9);
    View steps = input(3);
    Map<String, Axis> axes = Map.of("run", Axis.RUN, "halves", HALVES.over(Axis.RUN), "fixed", new Axis.Fixed(5));
    axes.entrySet().stream().sorted(Map.Entry.comparingByKey()).forEach(entry -> {
      Slot out = steps("output", entry.getValue(), 9);
      add("repeat_" + entry.getKey(), new AcrossSteps.Repeat(in, out.view()),
          new AcrossSteps.Pool(AcrossSteps.Pool.Rule.MAX, steps, Slot.batch(Slot.Role.OUTPUT, "steps", 3).view()));
    });
  }

  private void flattened() {
    View in = input(5).slot().columns(1, 3);
    add("flatten_all", new AcrossSteps.Flatten(in, output(Slot.Extent.BATCH, 27)));
    add("flatten_more", new AcrossSteps.Flatten(in, output(Slot.Extent.BATCH, 33)));
    View halves = Slot.steps(Slot.Role.SCRATCH, "halves", HALVES.over(Axis.RUN), 3).view();
    add("flatten_halves", new AcrossSteps.WindowPool(AcrossSteps.Pool.Rule.MAX, HALVES, false, in, halves),
        new AcrossSteps.Flatten(halves, output(Slot.Extent.BATCH, 15)));
  }

  /** Rows along the steps that a strided window leaves: products, cells in scans, and what looks across them. */
  private void otherAxes() {
    View in = input(4);
    Axis axis = HALVES.over(Axis.RUN);
    View rows = Slot.steps(Slot.Role.SCRATCH, "rows", axis, 12).view();
    Step gather = new AcrossSteps.Gather(HALVES, in, null, rows);
    View out = steps("output", axis, 6).view();
    Slot weight = Slot.parameter("weight", 6, 12);
    add("axis_gemm", gather, new GateGemm(rows, weight, Slot.parameter("bias", 1, 6), out, false));
    add("axis_last_step", gather, new AcrossSteps.LastStep(rows, output(Slot.Extent.BATCH, 12)));
    add("axis_pool", gather,
        new AcrossSteps.Pool(AcrossSteps.Pool.Rule.MEAN, rows, output(Slot.Extent.BATCH, 12)));
    add("axis_softmax_steps", gather, new AcrossSteps.SoftmaxSteps(rows, steps("output", axis, 12).view()));
    Axis quarters = HALVES.over(axis);
    add("axis_of_an_axis", gather, new AcrossSteps.WindowPool(AcrossSteps.Pool.Rule.MEAN, HALVES, false, rows,
        steps("output", quarters, 12).view()));
    for (Scan.Direction direction : Scan.Direction.values()) {
      View gates = Slot.steps(Slot.Role.SCRATCH, "gates", axis, 24).view();
      View hidden = Slot.batch(Slot.Role.STATE, "hidden", 6).view();
      View cell = Slot.batch(Slot.Role.STATE, "cell", 6).view();
      add("axis_lstm_" + lower(direction), gather,
          new GateGemm(rows, Slot.parameter("input_weight", 24, 12), null, gates, false),
          new Scan(direction,
              List.of(new GateGemm(hidden, Slot.parameter("hidden_weight", 24, 6), null, gates, true),
                  new CellUpdate.Lstm(gates, cell, null, hidden, out, false, Activation.SIGMOID, Activation.TANH,
                      Activation.TANH, CellUpdate.NO_CLIP))));
    }
  }
}
