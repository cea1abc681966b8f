package dev.carousel.conformance;

import static dev.carousel.conformance.OperationCases.input;
import static dev.carousel.conformance.OperationCases.lower;
import static dev.carousel.conformance.OperationCases.output;

import dev.carousel.spi.form.AcrossSteps;
import dev.carousel.spi.form.Activation;
import dev.carousel.spi.form.Mapping;
import dev.carousel.spi.form.Program;
import dev.carousel.spi.form.Slot;
import dev.carousel.spi.form.Step;
import dev.carousel.spi.form.View;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Each mapping of a row in the smallest Program that holds it: to another place, in place, between columns. */
final class MappingCases {
  private static final int[] WIDTHS = {1, 8, 9, 33};
  private static final Shape RAGGED = Shape.ragged(5, 6);
  /** Of one column the variance is 0; a narrow row may come near it, which an epsilon of a tenth keeps from being seen. */
  private static final float EPSILON = 0.1f;

  private final List<Case> cases = new ArrayList<>();

  private MappingCases() {}

  static List<Case> all() {
    MappingCases made = new MappingCases();
    for (int columns : WIDTHS) {
      made.activations(columns);
      made.rows(columns);
      made.combinations(columns);
      made.scales(columns);
      made.norms(columns);
    }
    made.wide();
    made.views();
    made.sequences();
    return made.cases;
  }

  private void add(String name, Step... steps) {
    Program program = Program.of(List.of(steps));
    cases.add(Case.differential(Family.OPERATION, Subject.of(program), name, program, RAGGED));
  }

  /** One that has no value on one side of 0 is given rows above it. */
  private void activations(int columns) {
    View in = input(columns);
    View out = output(Slot.Extent.STEPS, columns);
    for (Activation one : Activations.all()) {
      String name = Activations.name(one) + "_n" + columns;
      switch (one.kind()) {
        case LOG, SQRT, RECIPROCAL -> add(name, new Mapping.Activate(Activation.Kind.AFFINE.of(0.5f, 1), in, out),
            new Mapping.Activate(one, out, out));
        default -> add(name, new Mapping.Activate(one, in, out));
      }
    }
  }

  private void rows(int columns) {
    String size = "_n" + columns;
    View in = input(columns);
    View out = output(Slot.Extent.STEPS, columns);
    add("softmax" + size, new Mapping.Softmax(in, out));
    add("softmax_in_place" + size, new Mapping.Copy(in, out), new Mapping.Softmax(out, out));
    add("log_softmax" + size, new Mapping.LogSoftmax(in, out));
    add("log_softmax_in_place" + size, new Mapping.Copy(in, out), new Mapping.LogSoftmax(out, out));
    add("copy" + size, new Mapping.Copy(in, out));
  }

  /** What is divided by lies between a half and three halves. */
  private void combinations(int columns) {
    View in = input(columns);
    View out = output(Slot.Extent.STEPS, columns);
    for (Mapping.Combine.Rule rule : Mapping.Combine.Rule.values()) {
      for (int others : columns == 1 ? new int[]{1} : new int[]{columns, 1}) {
        View given = Slot.steps(Slot.Role.INPUT, "other", others).view();
        View other = Slot.steps(Slot.Role.SCRATCH, "away_from_0", others).view();
        Step away = new Mapping.Activate(Activation.Kind.AFFINE.of(0.5f, 1), given, other);
        String name = lower(rule) + (others < columns ? "_by_one" : "");
        add(name + "_n" + columns, away, new Mapping.Combine(rule, in, other, out));
        add(name + "_in_place_n" + columns, away, new Mapping.Copy(in, out),
            new Mapping.Combine(rule, out, other, out));
      }
    }
  }

  private void scales(int columns) {
    View in = input(columns);
    View out = output(Slot.Extent.STEPS, columns);
    for (String with : List.of("scale", "shift", "both")) {
      Slot scale = with.equals("shift") ? null : row("scale", columns);
      Slot shift = with.equals("scale") ? null : row("shift", columns);
      String name = "scaling_by_" + with + "_n" + columns;
      add(name, new Mapping.Scale(in, scale, shift, out, false));
      add(name + "_in_place", new Mapping.Copy(in, out), new Mapping.Scale(out, scale, shift, out, false));
      add(name + "_accumulate", new Mapping.Activate(Activation.TANH, in, out),
          new Mapping.Scale(in, scale, shift, out, true));
    }
  }

  private void norms(int columns) {
    View in = input(columns);
    View out = output(Slot.Extent.STEPS, columns);
    for (boolean scaled : new boolean[]{true, false}) {
      for (boolean shifted : new boolean[]{true, false}) {
        String name = "normalise" + (scaled ? "_scale" : "") + (shifted ? "_shift" : "") + "_n" + columns;
        add(name, normalise(in, scaled ? row("scale", columns) : null, shifted ? row("shift", columns) : null, out));
      }
    }
    add("normalise_in_place_n" + columns, new Mapping.Copy(in, out), normalise(out, null, null, out));
    // Rows of equal elements: nothing is left of them, and what a rounding leaves must not be blown up.
    View equal = Slot.steps(Slot.Role.SCRATCH, "equal", columns).view();
    add("normalise_constant_rows_n" + columns, new Mapping.Activate(Activation.Kind.AFFINE.of(0, 0.75f), in, equal),
        normalise(equal, row("scale", columns), row("shift", columns), out));
  }

  private static Mapping.Normalise normalise(View in, @Nullable Slot scale, @Nullable Slot shift, View out) {
    return new Mapping.Normalise(in, scale, shift, EPSILON, out);
  }

  private void wide() {
    View in = input(500);
    View out = output(Slot.Extent.STEPS, 500);
    add("normalise_wide", new Mapping.Normalise(in, row("scale", 500), row("shift", 500), 1e-5f, out));
    add("softmax_wide", new Mapping.Softmax(in, out));
    add("log_softmax_wide", new Mapping.LogSoftmax(in, out));
  }

  /** From columns to others, each with a neighbour on either side that it must neither read nor write. */
  private void views() {
    Slot in = input(29).slot();
    Slot out = output(Slot.Extent.STEPS, 27).slot();
    Step all = new Mapping.Activate(Activation.Kind.AFFINE.of(0.5f, 0.25f), in.columns(0, 27), out.view());
    View from = in.columns(5, 9);
    View to = out.columns(11, 9);
    add("copy_views", all, new Mapping.Copy(from, to));
    add("activate_views", all, new Mapping.Activate(Activation.TANH, from, to));
    add("softmax_views", all, new Mapping.Softmax(from, to));
    add("log_softmax_views", all, new Mapping.LogSoftmax(from, to));
    add("normalise_views", all, normalise(from, row("scale", 9), row("shift", 9), to));
    add("scaling_views", all, new Mapping.Scale(from, row("scale", 9), row("shift", 9), to, false));
    add("scaling_accumulate_views", all, new Mapping.Scale(from, row("scale", 9), null, to, true));
    for (Mapping.Combine.Rule rule : Mapping.Combine.Rule.values()) {
      if (rule != Mapping.Combine.Rule.DIVIDE) {
        add(lower(rule) + "_views", all, new Mapping.Combine(rule, from, in.columns(17, 9), to));
        add(lower(rule) + "_by_one_views", all, new Mapping.Combine(rule, from, in.columns(20, 1), to));
      }
    }
  }

  /** Rows of sequences rather than of steps. */
  private void sequences() {
    View in = input(9);
    View last = Slot.batch(Slot.Role.SCRATCH, "last", 9).view();
    View out = output(Slot.Extent.BATCH, 9);
    Step step = new AcrossSteps.LastStep(in, last);
    add("activate_batch", step, new Mapping.Activate(Activation.SIGMOID, last, out));
    add("softmax_batch", step, new Mapping.Softmax(last, out));
    add("log_softmax_batch", step, new Mapping.LogSoftmax(last, out));
    add("normalise_batch", step, normalise(last, row("scale", 9), null, out));
    add("scaling_batch", step, new Mapping.Scale(last, row("scale", 9), row("shift", 9), out, false));
    add("sum_batch", step,
        new Mapping.Combine(Mapping.Combine.Rule.SUM, last, Slot.batch(Slot.Role.INPUT, "other", 9).view(), out));
  }

  private static Slot row(String name, int columns) {
    return Slot.parameter(name, 1, columns);
  }
}
