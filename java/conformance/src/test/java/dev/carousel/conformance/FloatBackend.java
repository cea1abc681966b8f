package dev.carousel.conformance;

import dev.carousel.spi.Backend;
import dev.carousel.spi.CompileOptions;
import dev.carousel.spi.Device;
import dev.carousel.spi.Executable;
import dev.carousel.spi.Order;
import dev.carousel.spi.Session;
import dev.carousel.spi.form.Program;
import dev.carousel.spi.form.Slot;
import dev.carousel.spi.runtime.HostBuffers;
import dev.carousel.spi.runtime.Interpreter;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

/** A small back end of a third party, honest or with one flaw. */
record FloatBackend(Flaw flaw) implements Backend {

  @Override
  public Device device() {
    return new Device("float/" + flaw, "plain float sums", 1, Optional.empty());
  }

  @Override
  public Set<Promise> promises() {
    return EnumSet.allOf(Promise.class);
  }

  @Override
  public List<String> unsupported(Program program, CompileOptions options) {
    return List.of();
  }

  @Override
  public Executable compile(Program program, CompileOptions options, Function<Slot, MemorySegment> parameters) {
    Map<Slot, float[]> copies = new HashMap<>();
    for (Slot slot : program.slots(Slot.Role.PARAMETER)) {
      copies.put(slot, parameters.apply(slot).toArray(ValueLayout.JAVA_FLOAT_UNALIGNED));
    }
    return new FloatExecutable(program, copies, flaw, new AtomicBoolean());
  }

  @Override
  public void close() {
    // Holds nothing.
  }

  private record FloatExecutable(Program program, Map<Slot, float[]> parameters, Flaw flaw, AtomicBoolean end)
      implements
        Executable {
    @Override
    public boolean closed() {
      return end.get();
    }

    @Override
    public long bytes() {
      return parameters.values().stream().mapToLong(values -> 4L * values.length).sum();
    }

    @Override
    public Session newSession(int maxSteps, int maxBatch, Order order) {
      if (closed()) {
        throw new IllegalStateException("This program is closed. Compile it again.");
      }
      HostBuffers host = new HostBuffers(program.slots(), maxSteps, maxBatch);
      return new FlawedSession(new Interpreter(this, maxSteps, maxBatch, order, new FlawedBuffers(host, flaw),
          new FloatKernels(host, parameters, flaw)), host, flaw);
    }

    @Override
    public void close() {
      end.set(true);
    }
  }
}
