package dev.carousel.cpu.openblas;

import dev.carousel.cpu.kernels.RowKernels;
import dev.carousel.spi.Kernels.Kernel;
import dev.carousel.spi.Layout;
import dev.carousel.spi.form.GateGemm;
import dev.carousel.spi.form.Slot;
import dev.carousel.spi.form.View;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** A product by sgemm, or by sgemv for one row. The sums start from what is there, or from rows of the bias. */
final class OpenBlasProduct implements Kernel {
  private final @Nullable Kernel start;
  private final MemorySegment weights; // [depth][results]
  private final MemorySegment in;
  private final MemorySegment out;
  private final View inputs;
  private final View results;

  OpenBlasProduct(GateGemm gemm, RowKernels rows) {
    OpenBlasPlan.Start key = OpenBlasPlan.Start.of(gemm);
    start = gemm.accumulate() && gemm.bias() == null ? null
        : rows.addRow(rows.parameters().get(key), gemm.out(), gemm.accumulate());
    weights = rows.parameters().get(new OpenBlasPlan.Turned(gemm.weight()));
    inputs = gemm.in();
    results = gemm.out();
    in = rows.buffers().segment(inputs.slot());
    out = rows.buffers().segment(results.slot());
  }

  @Override
  public void run(Layout layout, int stepRow, int rows) {
    if (rows == 0) {
      return;
    }
    if (start != null) {
      start.run(layout, stepRow, rows);
    }
    long x = in.address() + offset(inputs, stepRow);
    long y = out.address() + offset(results, stepRow);
    if (rows == 1) {
      OpenBlasCalls.gemv(results.columns(), inputs.columns(), x, weights, y);
    } else {
      OpenBlasCalls.gemm(rows, results.columns(), inputs.columns(), x, inputs.slot().columns(), weights, y,
          results.slot().columns());
    }
  }

  private static long offset(View view, int stepRow) {
    long row = view.slot().extent() == Slot.Extent.STEPS ? stepRow : 0;
    return 4 * (row * view.slot().columns() + view.column());
  }
}
