package dev.carousel.opencl.kernel;

import dev.carousel.opencl.device.KernelSource;
import dev.carousel.opencl.memory.Packed;
import dev.carousel.spi.Kernels.Kernel;
import dev.carousel.spi.Layout;
import dev.carousel.spi.form.View;
import org.jocl.cl_mem;

/** A product with packed weights. */
final class GateGemmKernel implements Kernel {
  /** CPU: the blocks of a panel. */
  static final int BLOCKS = 4;

  private static final int CHUNK = 240; // CPU: rows that are taken against a panel before it is left
  private static final int SIDE = 16; // GPU: of a group of work-items, each with so many rows and results
  private static final int ITEM_RESULTS = 4;
  private static final int ITEM_ROWS = 4;

  private final Site site;
  private final Packed packed;
  private final Launch launch;
  private final Launch few; // GPU: for so few rows that tiles of many would be empty
  private final int rowsIndex;

  GateGemmKernel(Site site, View in, Packed packed, View out, cl_mem result, boolean accumulate) {
    this.site = site;
    this.packed = packed;
    if (site.cpu()) {
      boolean gated = packed.gates() > 1;
      int lanes = site.profile().lanes();
      launch = operands(site.launch(KernelSource.GATE_GEMM, " -DBLOCKS=" + (gated ? packed.gates() : BLOCKS)), in, out,
          result);
      launch.number(packed.panels()).number(packed.width()).number(gated ? packed.units() : lanes)
          .number(accumulate ? 1 : 0).number(CHUNK).groups(1, 1);
      few = launch;
    } else {
      launch = tiles(ITEM_ROWS, in, out, result, accumulate);
      few = tiles(1, in, out, result, accumulate);
    }
    rowsIndex = launch.next();
    launch.number(0).ready();
    if (few != launch) {
      few.number(0).ready();
    }
  }

  private Launch operands(Launch given, View in, View out, cl_mem result) {
    return given.view(in, site.buffers().get(in.slot())).number(in.columns()).buffer(site.parameters().get(packed))
        .view(out, result).number(out.columns());
  }

  private Launch tiles(int itemRows, View in, View out, cl_mem result, boolean accumulate) {
    return operands(site.launch(KernelSource.GATE_GEMM, " -DITEM_ROWS=" + itemRows), in, out, result)
        .number(accumulate ? 1 : 0).groups(SIDE, SIDE);
  }

  @Override
  public void run(Layout layout, int stepRow, int rows) {
    if (rows == 0) {
      return;
    }
    Launch chosen = rows > SIDE ? launch : few;
    chosen.at(stepRow);
    chosen.set(rowsIndex, rows);
    if (site.cpu()) {
      chosen.run(Math.min(site.parallel(), packed.panels() * ((rows - 1) / CHUNK + 1)), 1);
    } else {
      chosen.run((packed.weight().rows() - 1) / (ITEM_RESULTS * SIDE) + 1,
          (rows - 1) / ((chosen == few ? 1 : ITEM_ROWS) * SIDE) + 1);
    }
  }
}
