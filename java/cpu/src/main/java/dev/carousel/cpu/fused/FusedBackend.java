package dev.carousel.cpu.fused;

import dev.carousel.cpu.kernels.NativeExecutable;
import dev.carousel.cpu.kernels.Tier;
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

/** Our own kernels of one tier. */
public record FusedBackend(Device device, Tier tier) implements Backend {

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
    return NativeExecutable.compile(program, tier, options.threads(), parameters,
        prepared -> FusedPlan.of(program, prepared));
  }

  @Override
  public void close() {
    // Holds nothing: threads belong to executables.
  }
}
