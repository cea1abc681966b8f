package dev.carousel.spi;

import dev.carousel.spi.form.Program;
import dev.carousel.spi.form.Slot;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** An opened device. Shared by threads. */
public interface Backend extends AutoCloseable {
  /** What a back end holds to beyond right answers; the conformance suite checks what is promised. */
  enum Promise {
    REPEATABLE, // The same call gives the same bits
    ROW_INDEPENDENT, // A row's bits do not depend on the other rows of its batch, nor on how time is cut into calls
    THREAD_INDEPENDENT // The bits do not depend on the number of threads
  }

  /** The device that this is. */
  Device device();

  /** What it promises. */
  Set<Promise> promises();

  /** What of a Program it cannot run with these options, a sentence each; empty: it runs all of it. */
  List<String> unsupported(Program program, CompileOptions options);

  /**
   * Makes a Program ready to run.
   *
   * @param parameters the values of each PARAMETER slot, {@code [rows][columns]} floats; not used after the return
   */
  Executable compile(Program program, CompileOptions options, Function<Slot, MemorySegment> parameters);

  /** Closes the device; executables are closed before. */
  @Override
  void close();
}
