package dev.carousel.cpu.fused;

import dev.carousel.cpu.kernels.Context;
import dev.carousel.cpu.kernels.NativeExecutable;
import dev.carousel.cpu.kernels.Parameters;
import dev.carousel.cpu.kernels.Tier;
import dev.carousel.spi.Backend;
import dev.carousel.spi.CompileOptions;
import dev.carousel.spi.Device;
import dev.carousel.spi.Executable;
import dev.carousel.spi.Program;
import dev.carousel.spi.Slot;
import java.lang.foreign.Arena;
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
  public List<String> unsupported(Program program) {
    return List.of();
  }

  @Override
  public Executable compile(Program program, CompileOptions options, Function<Slot, MemorySegment> parameters) {
    Arena arena = Arena.ofShared();
    try {
      FusedPlan plan = FusedPlan.of(program, new Parameters(arena, new Context(arena, tier, options.threads())));
      plan.prepare(parameters);
      return new NativeExecutable(program, arena, plan.parameters(), plan);
    } catch (RuntimeException | Error failure) {
      arena.close();
      throw failure;
    }
  }

  @Override
  public void close() {
    // Holds nothing: threads belong to executables.
  }
}
