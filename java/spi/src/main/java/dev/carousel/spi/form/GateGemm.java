package dev.carousel.spi.form;

import org.jspecify.annotations.Nullable;

/**
 * The product with a weight matrix: {@code out = in * weight^T + bias}, or {@code out += ...} to accumulate.
 *
 * @param in rows of n
 * @param weight [m][n], one row for each result, as PyTorch and ONNX store it
 * @param bias [1][m], or null for none
 * @param out rows of m
 * @param accumulate whether the product is added to what out holds
 */
public record GateGemm(View in, Slot weight, @Nullable Slot bias, View out, boolean accumulate) implements Operation {
  public GateGemm {
    Check.readable("gemm", in);
    Check.writable("gemm", out);
    Check.parameter("gemm of " + in + " to " + out, weight, out.columns(), in.columns());
    if (bias != null) {
      Check.parameter("gemm to " + out, bias, 1, out.columns());
    }
    Check.argument(!in.overlaps(out), "gemm is to read %s and write %s: they must not share elements.", in, out);
  }
}
