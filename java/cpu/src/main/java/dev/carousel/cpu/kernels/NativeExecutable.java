package dev.carousel.cpu.kernels;

import dev.carousel.spi.Executable;
import dev.carousel.spi.Kernels;
import dev.carousel.spi.Order;
import dev.carousel.spi.Session;
import dev.carousel.spi.form.Program;
import dev.carousel.spi.form.Slot;
import dev.carousel.spi.runtime.HostBuffers;
import dev.carousel.spi.runtime.Interpreter;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

/** A Program with its parameters and its threads; how it runs is the plan's business. */
public final class NativeExecutable implements Executable {
  /** What differs between back ends. */
  public interface Plan {
    /** Puts the values of all parameters in the order of the kernels; they may be freed after it. */
    void prepare(Function<Slot, MemorySegment> values);

    /** The slots that a session needs. */
    List<Slot> slots(int maxSteps, int maxBatch);

    /** The steps of the Program on the buffers of a session. */
    Kernels kernels(HostBuffers buffers, int maxSteps, int maxBatch);
  }

  private final Program program;
  private final Arena arena;
  private final Parameters parameters;
  private final Plan plan;
  private final AtomicBoolean closed = new AtomicBoolean();

  /** Compiles a Program for a tier, after a plan that is made over its parameters. */
  public static NativeExecutable compile(Program program, Tier tier, int threads, Function<Slot, MemorySegment> values,
      Function<Parameters, Plan> planner) {
    Arena arena = Arena.ofShared();
    try {
      Parameters parameters = new Parameters(arena, new Context(arena, tier, threads));
      Plan plan = planner.apply(parameters);
      plan.prepare(values);
      return new NativeExecutable(program, arena, parameters, plan);
    } catch (RuntimeException | Error failure) {
      arena.close();
      throw failure;
    }
  }

  private NativeExecutable(Program program, Arena arena, Parameters parameters, Plan plan) {
    this.program = program;
    this.arena = arena;
    this.parameters = parameters;
    this.plan = plan;
  }

  @Override
  public Program program() {
    return program;
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
    if (closed()) {
      throw new IllegalStateException("A session was asked of a compiled program that is closed. Compile it again.");
    }
    HostBuffers buffers = new HostBuffers(plan.slots(maxSteps, maxBatch), maxSteps, maxBatch);
    Kernels kernels;
    try {
      kernels = plan.kernels(buffers, maxSteps, maxBatch);
    } catch (RuntimeException | Error failure) {
      buffers.close();
      throw failure;
    }
    return new Interpreter(this, maxSteps, maxBatch, order, buffers, kernels);
  }

  /** The arena refuses while a session is in a native call. */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      try {
        arena.close();
      } catch (IllegalStateException running) {
        closed.set(false);
        throw new IllegalStateException(
            "This program is in use by another thread. Close it again when that thread's call has returned.",
            running);
      }
    }
  }
}
