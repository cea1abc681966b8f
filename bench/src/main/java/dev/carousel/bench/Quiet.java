package dev.carousel.bench;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.concurrent.locks.LockSupport;

/**
 * Waits until no thread of this process computes: worker threads of libraries spin for a while after a call (OpenBLAS's
 * for tens of milliseconds), and would take a core from whoever is timed next. It asks Linux for the processor time
 * that the process has used; the JDK's own figure has steps of 10 ms.
 */
final class Quiet {
  private static final int CLOCK_PROCESS_CPUTIME_ID = 2; // of time.h
  private static final long LEAST = 3_000_000; // ns
  private static final long MOST = 2_000_000_000; // ns
  private static final long NAP = 24_000_000; // ns: Linux adds up what runs elsewhere only at its ticks, up to 10 ms apart
  private static final double BUSY = 0.2; // of one core; a spinning thread takes 1

  private final MethodHandle clock;
  private final MemorySegment time = Arena.ofAuto().allocate(16, 8); // struct timespec
  private long noisy;

  @SuppressWarnings("restricted")
  Quiet() {
    Linker linker = Linker.nativeLinker();
    clock = linker.downcallHandle(linker.defaultLookup().findOrThrow("clock_gettime"),
        FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.ADDRESS));
  }

  /** Sleeps for 3 ms, and on until the process takes less than a fifth of a core; gives up after 2 s. */
  void await() {
    long start = System.nanoTime();
    LockSupport.parkNanos(LEAST);
    while (busy()) {
      if (System.nanoTime() - start > MOST) {
        noisy++;
        return;
      }
    }
  }

  /** How often it gave up. */
  long noisy() {
    return noisy;
  }

  private boolean busy() {
    long used = processorTime();
    long start = System.nanoTime();
    LockSupport.parkNanos(NAP);
    return processorTime() - used > BUSY * (System.nanoTime() - start);
  }

  private long processorTime() {
    try {
      int failed = (int) clock.invokeExact(CLOCK_PROCESS_CPUTIME_ID, time);
      if (failed != 0) {
        throw new IllegalStateException("clock_gettime does not know the processor time of a process.");
      }
      return 1_000_000_000 * time.get(ValueLayout.JAVA_LONG, 0) + time.get(ValueLayout.JAVA_LONG, 8);
    } catch (RuntimeException | Error failure) {
      throw failure;
    } catch (Throwable failure) {
      throw new IllegalStateException(failure);
    }
  }
}
