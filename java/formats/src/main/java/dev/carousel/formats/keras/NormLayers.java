package dev.carousel.formats.keras;

import dev.carousel.LayerNorm;
import dev.carousel.Noise;
import dev.carousel.Scale;
import dev.carousel.Tensor;
import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.data.Matrices;
import dev.carousel.formats.data.NdArray;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Layers that bring rows to a usual size, and those that disturb them in training. */
record NormLayers(LayerCall call) {
  private static final double EPSILON = 1e-3; // of both in all versions

  /** A batch normalisation as it is after training: a scale and a shift for each column. */
  Signal batch() throws FormatException {
    Signal in = lastAxis();
    LayerConfig config = call.config();
    boolean scales = config.flag("scale", true);
    boolean shifts = config.flag("center", true);
    List<String> names = new ArrayList<>();
    if (scales) {
      names.add("gamma");
    }
    if (shifts) {
      names.add("beta");
    }
    names.addAll(List.of("moving_mean", "moving_variance"));
    List<NdArray> weights = call.weights(names);
    check(in, weights, names);
    NdArray mean = weights.get(names.size() - 2);
    NdArray variance = weights.getLast();
    double epsilon = config.number("epsilon", EPSILON);
    float[] scale = new float[in.width()];
    float[] shift = new float[in.width()];
    for (int i = 0; i < scale.length; i++) {
      double factor = (scales ? weights.getFirst().getFloat(i) : 1) / Math.sqrt(variance.getFloat(i) + epsilon);
      scale[i] = (float) factor;
      shift[i] = (float) ((shifts ? weights.get(names.size() - 3).getFloat(i) : 0) - mean.getFloat(i) * factor);
    }
    return call.map("scale", Scale.of(in.width()),
        Map.of("scale", Tensor.of(1, scale.length, scale), "shift", Tensor.of(1, shift.length, shift)), in);
  }

  /** A layer normalisation over the columns. */
  Signal layer() throws FormatException {
    Signal in = lastAxis();
    LayerConfig config = call.config();
    call.layer().check(!config.flag("rms_scaling", false),
        "divides by the root of the mean square (rms_scaling), and only"
            + " with the mean taken off is that run");
    Map<String, String> ours = new LinkedHashMap<>();
    LayerNorm norm = LayerNorm.of(in.width()).epsilon(config.number("epsilon", EPSILON));
    if (config.flag("scale", true)) {
      ours.put("gamma", "scale");
    } else {
      norm = norm.withoutScale();
    }
    if (config.flag("center", true)) {
      ours.put("beta", "shift");
    } else {
      norm = norm.withoutShift();
    }
    List<String> names = List.copyOf(ours.keySet());
    List<NdArray> weights = names.isEmpty() ? List.of() : call.weights(names);
    check(in, weights, names);
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (int i = 0; i < names.size(); i++) {
      tensors.put(ours.getOrDefault(names.get(i), ""), Matrices.matrix(weights.get(i), 1, in.width()));
    }
    return call.map("norm", norm, tensors, in);
  }

  private Signal lastAxis() throws FormatException {
    Signal in = call.features(call.read());
    int axis = call.config().axis(in.form().rank());
    call.layer().check(axis == in.form().rank() - 1, "works along axis %d of %s, and the last is run", axis, in.form());
    return in;
  }

  private void check(Signal in, List<NdArray> weights, List<String> names) throws FormatException {
    for (int i = 0; i < names.size(); i++) {
      call.layer().check(weights.get(i).shape().equals(List.of((long) in.width())),
          "has a %s of %s, and is given rows of %d", names.get(i), weights.get(i), in.width());
    }
  }

  /** What is at work in training only. */
  Signal noise(Noise.Kind kind) throws FormatException {
    Signal in = call.read();
    Noise noise = new Noise(kind, KerasActivations.columns(in),
        call.config().number(kind == Noise.Kind.GAUSSIAN ? "stddev" : "rate", 0));
    return in.passed(call.node("noise", noise, Map.of(), in));
  }
}
