package dev.carousel.cpu.openblas;

import dev.carousel.cpu.kernels.NativeExecutable;
import dev.carousel.cpu.kernels.Parameters;
import dev.carousel.cpu.kernels.RowKernels;
import dev.carousel.cpu.kernels.RunLayouts;
import dev.carousel.spi.Kernels;
import dev.carousel.spi.form.GateGemm;
import dev.carousel.spi.form.Operation;
import dev.carousel.spi.form.Program;
import dev.carousel.spi.form.Slot;
import dev.carousel.spi.runtime.HostBuffers;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Every step as it stands; the weights of products turned to {@code [depth][results]}, which OpenBLAS likes best. */
record OpenBlasPlan(Program program, Parameters parameters) implements NativeExecutable.Plan {
  /** The key of turned weights. */
  record Turned(Slot weight) {}

  /** The key of the row that the sums of a product start from. */
  record Start(@Nullable Slot bias, int columns) {
    static Start of(GateGemm gemm) {
      return new Start(gemm.bias(), gemm.out().columns());
    }
  }

  @Override
  public void prepare(Function<Slot, MemorySegment> values) {
    program.operations().forEach(operation -> {
      if (operation instanceof GateGemm gemm) {
        turn(gemm.weight(), values.apply(gemm.weight()));
        MemorySegment start = parameters.reserve(Start.of(gemm), Slot.parameter("start", 1, gemm.out().columns()));
        if (gemm.bias() != null) {
          MemorySegment.copy(values.apply(gemm.bias()), 0, start, 0, start.byteSize());
        }
      } else {
        RowKernels.prepare(operation, parameters, values);
      }
    });
  }

  private void turn(Slot weight, MemorySegment source) {
    MemorySegment target = parameters.reserve(new Turned(weight), weight);
    for (long row = 0; row < weight.rows(); row++) {
      for (long column = 0; column < weight.columns(); column++) {
        float value = source.get(ValueLayout.JAVA_FLOAT_UNALIGNED, 4 * (row * weight.columns() + column));
        target.setAtIndex(ValueLayout.JAVA_FLOAT, column * weight.rows() + row, value);
      }
    }
  }

  @Override
  public List<Slot> slots(int maxSteps, int maxBatch) {
    return program.slots();
  }

  @Override
  public Kernels kernels(HostBuffers buffers, int maxSteps, int maxBatch) {
    RowKernels rows = new RowKernels(buffers, parameters, new RunLayouts(maxSteps, maxBatch));
    return new Kernels() {
      @Override
      public Kernel bind(Operation operation) {
        return operation instanceof GateGemm gemm ? new OpenBlasProduct(gemm, rows) : rows.bind(operation);
      }
    };
  }
}
