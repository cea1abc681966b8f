package dev.carousel.opencl.memory;

import dev.carousel.spi.form.Slot;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/**
 * A product's weights and bias in the order of a kernel: panels of {@code width} units, each
 * {@code [1 + depth][gates][width]}, the bias first, padded with zeros.
 *
 * @param gates how many gates of the same units the weights' rows are
 */
public record Packed(int gates, int width, Slot weight, @Nullable Slot bias) {
  /** The units of a gate. */
  public int units() {
    return weight.rows() / gates;
  }

  /** How many panels they make. */
  public int panels() {
    return (units() - 1) / width + 1;
  }

  /** The floats of a panel. */
  private long panel() {
    return (1L + weight.columns()) * gates * width;
  }

  /** The bytes of all. */
  public long bytes() {
    return Math.multiplyExact(panels() * panel(), 4L);
  }

  /** Puts weights {@code [gates * units][depth]} and a bias into their order, into memory that holds zeros. */
  void pack(MemorySegment weights, @Nullable MemorySegment biases, MemorySegment target) {
    int depth = weight.columns();
    for (int row = 0; row < weight.rows(); row++) {
      int gate = row / units();
      int unit = row % units();
      long at = unit / width * panel() + (long) gate * width + unit % width;
      if (biases != null) {
        target.setAtIndex(ValueLayout.JAVA_FLOAT, at, biases.get(ValueLayout.JAVA_FLOAT_UNALIGNED, 4L * row));
      }
      for (int k = 0; k < depth; k++) {
        target.setAtIndex(ValueLayout.JAVA_FLOAT, at + (1L + k) * gates * width,
            weights.get(ValueLayout.JAVA_FLOAT_UNALIGNED, 4L * ((long) row * depth + k)));
      }
    }
  }
}
