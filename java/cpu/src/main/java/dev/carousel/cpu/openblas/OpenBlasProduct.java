package dev.carousel.cpu.openblas;

import dev.carousel.cpu.kernels.RowKernels;
import dev.carousel.cpu.openblas.bindings.Cblas;
import dev.carousel.spi.GateGemm;
import dev.carousel.spi.Kernels.Kernel;
import dev.carousel.spi.Layout;
import dev.carousel.spi.Slot;
import dev.carousel.spi.View;
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
    MemorySegment x = in.asSlice(offset(inputs, stepRow));
    MemorySegment y = out.asSlice(offset(results, stepRow));
    int depth = inputs.columns();
    int count = results.columns();
    if (rows == 1) {
      Cblas.cblas_sgemv(Cblas.CblasRowMajor(), Cblas.CblasTrans(), depth, count, 1, weights, count, x, 1, 1, y, 1);
    } else {
      Cblas.cblas_sgemm(Cblas.CblasRowMajor(), Cblas.CblasNoTrans(), Cblas.CblasNoTrans(), rows, count, depth, 1, x,
          inputs.slot().columns(), weights, count, 1, y, results.slot().columns());
    }
  }

  private static long offset(View view, int stepRow) {
    long row = view.slot().extent() == Slot.Extent.STEPS ? stepRow : 0;
    return 4 * (row * view.slot().columns() + view.column());
  }
}
