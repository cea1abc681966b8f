package dev.carousel.cpu.openblas;

import dev.carousel.cpu.openblas.bindings.Cblas;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * The two products of the bindings with rows as plain addresses: a slice for each call would be an object for each. Their
 * memory belongs to the session, which cannot be closed meanwhile. The weights stay a segment, for the model can be.
 */
final class OpenBlasCalls {
  private static final MethodHandle GEMM = handle(Cblas.cblas_sgemm$address(), Cblas.cblas_sgemm$descriptor(), 7, 12);
  private static final MethodHandle GEMV = handle(Cblas.cblas_sgemv$address(), Cblas.cblas_sgemv$descriptor(), 7, 10);

  private OpenBlasCalls() {}

  private static MethodHandle handle(MemorySegment function, FunctionDescriptor plain, int... addresses) {
    MemoryLayout[] arguments = plain.argumentLayouts().toArray(MemoryLayout[]::new);
    for (int address : addresses) {
      arguments[address] = ValueLayout.JAVA_LONG;
    }
    return Linker.nativeLinker().downcallHandle(function, FunctionDescriptor.ofVoid(arguments));
  }

  /** {@code out[rows][results] += in[rows][depth] * weights[depth][results]}; strides are in floats. */
  static void gemm(int rows, int results, int depth, long in, int inStride, MemorySegment weights, long out,
      int outStride) {
    try {
      GEMM.invokeExact(Cblas.CblasRowMajor(), Cblas.CblasNoTrans(), Cblas.CblasNoTrans(), rows, results, depth, 1f, in,
          inStride, weights, results, 1f, out, outStride);
    } catch (RuntimeException | Error refused) { // closed weights
      throw refused;
    } catch (Throwable impossible) {
      throw new AssertionError("sgemm throws nothing.", impossible);
    }
  }

  /** The same for one row. */
  static void gemv(int results, int depth, long in, MemorySegment weights, long out) {
    try {
      GEMV.invokeExact(Cblas.CblasRowMajor(), Cblas.CblasTrans(), depth, results, 1f, weights, results, in, 1, 1f, out,
          1);
    } catch (RuntimeException | Error refused) {
      throw refused;
    } catch (Throwable impossible) {
      throw new AssertionError("sgemv throws nothing.", impossible);
    }
  }
}
