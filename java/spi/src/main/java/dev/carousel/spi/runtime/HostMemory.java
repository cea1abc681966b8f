package dev.carousel.spi.runtime;

import com.sun.management.OperatingSystemMXBean;
import dev.carousel.spi.form.Check;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;

/**
 * Memory of this process, off the heap: zeroed, 64-byte aligned, and refused where the machine does not have it or the
 * JVM does not give it. A JVM counts what an automatic arena has against {@code -XX:MaxDirectMemorySize}.
 */
public final class HostMemory {
  private static final int ALIGNMENT = 64;
  private static final long LARGE = 1L << 30; // below it no look at the machine, which takes a while the first time

  private HostMemory() {}

  /** Allocates; bytes that were counted as a double do not overflow. A JVM that took too much would just be killed. */
  public static MemorySegment allocate(Arena arena, double bytes, String what) {
    long present = bytes <= LARGE ? Long.MAX_VALUE
        : ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getTotalMemorySize();
    Check.argument(bytes <= present, "%s takes %.0f bytes, and this machine has %d. Ask for less, or do it in parts.",
        what, bytes, present);
    try {
      return arena.allocate((long) bytes, ALIGNMENT);
    } catch (OutOfMemoryError full) { // it is of this one request: the heap is as it was
      IllegalArgumentException refusal = Check.refusal("%s takes %.0f bytes off the heap, and this JVM does not give"
          + " them: %s. Start Java with a larger -XX:MaxDirectMemorySize, which is as large as the heap (-Xmx) unless"
          + " it is given, or ask for less.", what, bytes, String.valueOf(full.getMessage()));
      refusal.initCause(full);
      throw refusal;
    }
  }
}
