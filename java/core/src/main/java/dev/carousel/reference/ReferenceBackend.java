package dev.carousel.reference;

import dev.carousel.spi.Backend;
import dev.carousel.spi.CompileOptions;
import dev.carousel.spi.Device;
import dev.carousel.spi.Executable;
import dev.carousel.spi.form.Program;
import dev.carousel.spi.form.Slot;
import java.lang.foreign.MemorySegment;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** The back end that runs every Program, on one thread. */
final class ReferenceBackend implements Backend {

  @Override
  public Device device() {
    return ReferenceProvider.DEVICE;
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
    return new ReferenceExecutable(program, parameters);
  }

  @Override
  public void close() {
    // Holds nothing.
  }
}
