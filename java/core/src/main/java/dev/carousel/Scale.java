package dev.carousel;

import static dev.carousel.spi.form.Check.argument;

import java.util.ArrayList;
import java.util.List;

/**
 * Each column times a number, plus a number: standardised inputs, a batch normalisation as it is after training. Where a
 * product stands just before or behind it, it costs nothing: it is worked into that one's weights.
 *
 * @param scales whether there is a scale
 * @param shifts whether there is a shift
 */
public record Scale(int inputs, boolean scales, boolean shifts) implements Layer {
  public Scale {
    LayerCheck.size("Scale", "inputs", inputs);
    argument(scales || shifts, "Scale is to have neither a scale nor a shift; it takes at least one.");
  }

  /** A scale and a shift for rows of such a width. */
  public static Scale of(int width) {
    return new Scale(width, true, true);
  }

  /** No shift. */
  public Scale withoutShift() {
    return new Scale(inputs, scales, false);
  }

  /** No scale. */
  public Scale withoutScale() {
    return new Scale(inputs, false, shifts);
  }

  @Override
  public int outputs() {
    return inputs;
  }

  @Override
  public List<Tensor.Shape> tensors() {
    return tensors(inputs, scales, shifts);
  }

  static List<Tensor.Shape> tensors(int width, boolean scales, boolean shifts) {
    List<Tensor.Shape> tensors = new ArrayList<>();
    if (scales) {
      tensors.add(new Tensor.Shape("scale", 1, width));
    }
    if (shifts) {
      tensors.add(new Tensor.Shape("shift", 1, width));
    }
    return tensors;
  }
}
