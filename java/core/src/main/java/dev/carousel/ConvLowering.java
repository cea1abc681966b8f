package dev.carousel;

import dev.carousel.spi.form.AcrossSteps;
import dev.carousel.spi.form.Activation;
import dev.carousel.spi.form.GateGemm;
import dev.carousel.spi.form.Mapping;
import dev.carousel.spi.form.Slot;
import dev.carousel.spi.form.Step;
import dev.carousel.spi.form.View;
import dev.carousel.spi.form.Window;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A convolution: the rows of each window side by side, then a product; of groups one each, and where each group is a single
 * column, a scaled row for each step of the window.
 *
 * @param streams whether the network takes sequences in parts, so that rows are kept from one to the next
 */
record ConvLowering(String name, Conv conv, boolean streams, Parameters parameters, List<Step> steps) {

  void lower(View in, View out) {
    Window window = conv.window();
    int groups = conv.groups();
    int inputs = conv.inputs() / groups;
    int taps = window.width() * inputs;
    boolean columns = groups > 1 && inputs == 1 && conv.outputs() == groups;
    View rows = bare(window) ? in : gathered(in, out, columns ? 1 : groups);
    if (columns) {
      for (int tap = 0; tap < window.width(); tap++) {
        Slot scale = parameters.column(name + ".weight." + tap, name + ".weight", tap, groups);
        steps.add(new Mapping.Scale(Placing.columns(rows, tap * groups, groups), scale,
            tap == 0 ? bias(0, groups, "bias") : null, out, tap > 0));
      }
    } else {
      int results = conv.outputs() / groups;
      for (int group = 0; group < groups; group++) {
        String part = groups == 1 ? "" : "." + group;
        Slot weight = parameters.of(name + ".weight" + part, name + ".weight", group * results, results, taps);
        steps.add(new GateGemm(Placing.columns(rows, group * taps, taps), weight,
            bias(group * results, results, "bias" + part), Placing.columns(out, group * results, results), false));
      }
    }
    if (!conv.activation().equals(Activation.IDENTITY)) {
      steps.add(new Mapping.Activate(conv.activation(), out, out));
    }
  }

  /** Whether windows are the steps themselves. */
  private static boolean bare(Window window) {
    return window.width() == 1 && window.streams();
  }

  /** The windows of each group, one group after the other. */
  private View gathered(View in, View out, int groups) {
    Window window = conv.window();
    int width = conv.inputs() / groups;
    int kept = (window.reach() - 1) * width;
    View rows = Slot.steps(Slot.Role.SCRATCH, name + ".window", out.slot().axis(), window.width() * conv.inputs())
        .view();
    Slot history = streams && window.streams() ? Slot.batch(Slot.Role.STATE, name + ".history", groups * kept) : null;
    for (int group = 0; group < groups; group++) {
      steps.add(new AcrossSteps.Gather(window, Placing.columns(in, group * width, width),
          history == null ? null : history.columns(group * kept, kept),
          Placing.columns(rows, group * window.width() * width, window.width() * width)));
    }
    return rows;
  }

  /** A part of the bias, which is one row: a slot of its own, where the whole is too wide. */
  private @Nullable Slot bias(int first, int count, String part) {
    return !conv.bias() ? null : parameters.part(name + "." + part, name + ".bias", first, count);
  }
}
