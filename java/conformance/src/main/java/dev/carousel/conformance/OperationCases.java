package dev.carousel.conformance;

import dev.carousel.spi.form.AcrossSteps;
import dev.carousel.spi.form.Activation;
import dev.carousel.spi.form.Axis;
import dev.carousel.spi.form.CellUpdate;
import dev.carousel.spi.form.Embed;
import dev.carousel.spi.form.GateGemm;
import dev.carousel.spi.form.Mapping;
import dev.carousel.spi.form.Program;
import dev.carousel.spi.form.Scan;
import dev.carousel.spi.form.Slot;
import dev.carousel.spi.form.View;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Products, cells and look-ups, each in the smallest Program that holds it. */
final class OperationCases {
  private static final float NONE = CellUpdate.NO_CLIP;
  private static final float CLIP = 0.4f;
  private static final Shape RAGGED = Shape.ragged(5, 6);
  private static final int[][] PRODUCTS = {{1, 1}, {1, 9}, {7, 1}, {8, 8}, {9, 7}, {16, 17}, {17, 16}, {33, 64},
      {64, 33},
      {100, 100}, {8, 100}, {100, 8}};

  private final List<Case> cases = new ArrayList<>();

  private OperationCases() {}

  static List<Case> all() {
    OperationCases made = new OperationCases();
    made.gemms();
    made.cells();
    made.embeds();
    return made.cases;
  }

  private void add(String name, Program program) {
    cases.add(Case.differential(Family.OPERATION, Subject.of(program), name, program, RAGGED));
  }

  private void gemms() {
    for (int[] size : PRODUCTS) {
      for (boolean bias : new boolean[]{true, false}) {
        String name = "gemm_n" + size[0] + "_m" + size[1] + (bias ? "_bias" : "");
        View in = input(size[0]);
        View out = output(Slot.Extent.STEPS, size[1]);
        add(name, Program.of(List.of(gemm("w", in, out, bias, false))));
        add(name + "_accumulate", Program.of(List.of(gemm("w", in, out, true, false), gemm("u", in, out, bias, true))));
      }
    }
    View in = input(20);
    Slot out = output(Slot.Extent.STEPS, 15).slot();
    add("gemm_views", Program.of(List.of(gemm("w", in.slot().columns(3, 9), out.columns(8, 7), true, false),
        gemm("u", in.slot().columns(11, 9), out.columns(0, 8), true, false),
        gemm("v", in.slot().columns(0, 2), out.columns(4, 6), false, true))));
    View last = Slot.batch(Slot.Role.SCRATCH, "last", 20).view();
    add("gemm_batch", Program.of(List.of(new AcrossSteps.LastStep(in, last),
        gemm("w", last, output(Slot.Extent.BATCH, 9), true, false))));
    View state = Slot.batch(Slot.Role.STATE, "state", 20).view();
    for (Scan.Direction direction : Scan.Direction.values()) {
      add("gemm_scan_" + lower(direction), Program.of(List.of(new Scan(direction,
          List.of(gemm("w", state, out.view(), true, false), new Mapping.Copy(in, state))))));
    }
  }

  private void cells() {
    for (Activation one : Activations.ofCells()) {
      String name = Activations.name(one);
      Activation sigmoid = Activation.SIGMOID;
      Activation tanh = Activation.TANH;
      add("rnn_" + name, CellPrograms.rnn(9, one, NONE));
      add("gru_reset_" + name, CellPrograms.gruReset(9, one, NONE));
      add("lstm_gate_" + name, CellPrograms.lstm(9, true, false, List.of(one, tanh, tanh), NONE));
      add("lstm_candidate_" + name, CellPrograms.lstm(9, false, false, List.of(sigmoid, one, tanh), NONE));
      add("lstm_output_" + name, CellPrograms.lstm(9, false, true, List.of(sigmoid, tanh, one), NONE));
      for (boolean after : new boolean[]{true, false}) {
        String gru = after ? "gru_after" : "gru_before";
        add(gru + "_gate_" + name, CellPrograms.gru(9, after, one, tanh, NONE));
        add(gru + "_candidate_" + name, CellPrograms.gru(9, after, sigmoid, one, NONE));
      }
    }
    List<Activation> usual = List.of(Activation.SIGMOID, Activation.TANH, Activation.TANH);
    for (int hidden : new int[]{1, 7, 8, 16, 17, 33, 100}) {
      for (float clip : new float[]{NONE, CLIP}) {
        String size = "_h" + hidden + (clip == NONE ? "" : "_clip");
        add("rnn" + size, CellPrograms.rnn(hidden, Activation.TANH, clip));
        add("gru_reset" + size, CellPrograms.gruReset(hidden, Activation.SIGMOID, clip));
        add("gru_before" + size, CellPrograms.gru(hidden, false, Activation.SIGMOID, Activation.TANH, clip));
        add("gru_after" + size, CellPrograms.gru(hidden, true, Activation.SIGMOID, Activation.TANH, clip));
        add("lstm" + size, CellPrograms.lstm(hidden, false, false, usual, clip));
        add("lstm_coupled" + size, CellPrograms.lstm(hidden, false, true, usual, clip));
        add("lstm_peephole" + size, CellPrograms.lstm(hidden, true, false, usual, clip));
        add("lstm_peephole_coupled" + size, CellPrograms.lstm(hidden, true, true, usual, clip));
      }
    }
  }

  private void embeds() {
    for (int columns : new int[]{1, 8, 9, 33}) {
      Embed embed = new Embed(Slot.indices("indices").view(), Slot.parameter("table", 11, columns),
          output(Slot.Extent.STEPS, columns));
      add("embed_n" + columns, Program.of(List.of(embed)));
    }
    for (Slot.Extent extent : new Slot.Extent[]{Slot.Extent.STEPS, Slot.Extent.BATCH}) {
      Slot indices = Slot.indices("indices", extent, 3);
      Slot out = output(extent, 11).slot();
      add("embed_" + lower(extent) + "_columns", Program.of(List.of(
          new Embed(indices.columns(2, 1), Slot.parameter("small", 2, 4), out.columns(0, 4)),
          new Embed(indices.columns(0, 1), Slot.parameter("large", 7, 5), out.columns(6, 5)),
          new Embed(indices.columns(1, 1), Slot.parameter("other", 5, 2), out.columns(4, 2)))));
    }
    add("embed_index_a_sequence", Program.of(List.of(new Embed(Slot.indices("indices", Slot.Extent.BATCH, 1).view(),
        Slot.parameter("table", 11, 9), output(Slot.Extent.BATCH, 9)))));
  }

  static View input(int columns) {
    return Slot.steps(Slot.Role.INPUT, "input", columns).view();
  }

  static View output(Slot.Extent extent, int columns) {
    return new Slot("output", Slot.Role.OUTPUT, extent, Axis.RUN, Slot.Element.F32, 1, columns).view();
  }

  private static GateGemm gemm(String name, View in, View out, boolean bias, boolean accumulate) {
    return new GateGemm(in, Slot.parameter(name, out.columns(), in.columns()),
        bias ? Slot.parameter(name + "_bias", 1, out.columns()) : null, out, accumulate);
  }

  static String lower(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
