package dev.carousel.opencl;

import dev.carousel.opencl.device.OpenedDevice;
import dev.carousel.opencl.driver.Holders;
import dev.carousel.opencl.driver.Objects;
import dev.carousel.opencl.kernel.LayerPlan;
import dev.carousel.opencl.kernel.OpenClKernels;
import dev.carousel.opencl.memory.OpenClBuffers;
import dev.carousel.opencl.memory.Parameters;
import dev.carousel.spi.Executable;
import dev.carousel.spi.Order;
import dev.carousel.spi.Session;
import dev.carousel.spi.form.Check;
import dev.carousel.spi.form.Program;
import dev.carousel.spi.form.Slot;
import dev.carousel.spi.runtime.Interpreter;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

/** A Program with its parameters on a device. Sessions hold on to the parameters, which go when all are closed. */
final class OpenClExecutable implements Executable {
  private final OpenedDevice opened;
  private final LayerPlan plan;
  private final Parameters parameters;
  private final AtomicBoolean closed = new AtomicBoolean();
  private final Holders holders; // this one, and every open session

  private OpenClExecutable(OpenedDevice opened, LayerPlan plan, Objects objects, Parameters parameters) {
    this.opened = opened;
    this.plan = plan;
    this.parameters = parameters;
    holders = new Holders(() -> {
      objects.close();
      opened.holders().release();
    });
  }

  /** Compiles it for so many threads. */
  static OpenClExecutable compile(OpenedDevice opened, Program program, int threads,
      Function<Slot, MemorySegment> values) {
    LayerPlan plan = LayerPlan.of(opened, program, threads);
    if (!opened.holders().hold()) {
      throw new IllegalStateException("A program was to be compiled on a back end that is closed. Open it again.");
    }
    Objects objects = new Objects(opened.ledger());
    try {
      return new OpenClExecutable(opened, plan, objects, new Parameters(opened, objects, plan.parameters(), values));
    } catch (RuntimeException | Error failure) {
      objects.close();
      opened.holders().release();
      throw failure;
    }
  }

  @Override
  public Program program() {
    return plan.program();
  }

  @Override
  public boolean closed() {
    return closed.get();
  }

  @Override
  public long bytes() {
    return parameters.bytes();
  }

  @Override
  public Session newSession(int maxSteps, int maxBatch, Order order) {
    Check.argument(maxSteps > 0 && maxBatch > 0 && (long) maxSteps * maxBatch < Integer.MAX_VALUE,
        "A session for %d steps of %d sequences was asked for; it takes at least 1 of each and at most %d rows. Run in parts.",
        maxSteps, maxBatch, Integer.MAX_VALUE - 1);
    Limits.check(opened.device(), program(), maxSteps);
    Map<Object, Long> sizes = plan.sizes(maxSteps, maxBatch);
    if (closed() || !holders.hold()) {
      throw new IllegalStateException("A session was asked of a compiled program that is closed. Compile it again.");
    }
    OpenClBuffers buffers = new OpenClBuffers(opened, sizes, maxSteps, maxBatch, holders::release);
    OpenClKernels kernels;
    try {
      kernels = new OpenClKernels(opened, plan, parameters, buffers);
    } catch (RuntimeException | Error failure) {
      buffers.close();
      throw failure;
    }
    return new Interpreter(this, maxSteps, maxBatch, order, buffers, kernels);
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      holders.release();
    }
  }
}
