package dev.carousel.cpu.openblas;

import dev.carousel.cpu.kernels.NativeExecutable;
import dev.carousel.cpu.kernels.Tier;
import dev.carousel.cpu.library.OpenBlasLibrary;
import dev.carousel.cpu.openblas.bindings.Cblas;
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

/**
 * OpenBLAS for products, the kernels of the best tier for the rest. OpenBLAS has one number of threads for the whole
 * process: the one of the program that was compiled last.
 */
public record OpenBlasBackend(Device device, Tier tier) implements Backend {

  /** It takes different kernels for different numbers of rows and threads, so their bits differ. */
  @Override
  public Set<Promise> promises() {
    return EnumSet.of(Promise.REPEATABLE);
  }

  @Override
  public List<String> unsupported(Program program, CompileOptions options) {
    return List.of();
  }

  @Override
  public Executable compile(Program program, CompileOptions options, Function<Slot, MemorySegment> parameters) {
    if (OpenBlasLibrary.has("openblas_set_num_threads")) {
      Cblas.openblas_set_num_threads(options.threads());
    }
    return NativeExecutable.compile(program, tier, 1, parameters, prepared -> new OpenBlasPlan(program, prepared));
  }

  @Override
  public void close() {
    // Holds nothing.
  }
}
