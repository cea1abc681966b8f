package dev.carousel.reference;

import dev.carousel.spi.Executable;
import dev.carousel.spi.Order;
import dev.carousel.spi.Session;
import dev.carousel.spi.form.Program;
import dev.carousel.spi.form.Slot;
import dev.carousel.spi.runtime.HostBuffers;
import dev.carousel.spi.runtime.HostMemory;
import dev.carousel.spi.runtime.Interpreter;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

/** A Program with a copy of its parameters. */
final class ReferenceExecutable implements Executable {
  private final Program program;
  private final Arena arena = Arena.ofShared();
  private final Map<Slot, MemorySegment> parameters = new HashMap<>();
  private final AtomicBoolean closed = new AtomicBoolean();

  ReferenceExecutable(Program program, Function<Slot, MemorySegment> values) {
    this.program = program;
    try {
      for (Slot slot : program.slots(Slot.Role.PARAMETER)) {
        MemorySegment copy = HostMemory.allocate(arena, (double) slot.bytes(1, 1), slot.toString());
        MemorySegment.copy(values.apply(slot), 0, copy, 0, copy.byteSize());
        parameters.put(slot, copy);
      }
    } catch (RuntimeException | Error failure) {
      arena.close();
      throw failure;
    }
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
    return parameters.values().stream().mapToLong(MemorySegment::byteSize).sum();
  }

  @Override
  public Session newSession(int maxSteps, int maxBatch, Order order) {
    if (closed()) {
      throw new IllegalStateException("A session was asked of a compiled program that is closed. Compile it again.");
    }
    HostBuffers buffers = new HostBuffers(program.slots(), maxSteps, maxBatch);
    return new Interpreter(this, maxSteps, maxBatch, order, buffers, new ReferenceKernels(buffers, parameters));
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      arena.close();
    }
  }
}
