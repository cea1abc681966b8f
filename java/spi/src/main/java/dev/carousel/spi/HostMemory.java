package dev.carousel.spi;

import com.sun.management.OperatingSystemMXBean;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;

/** Memory of this process, off the heap: zeroed, 64-byte aligned, and refused where the machine does not have it. */
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
    return arena.allocate((long) bytes, ALIGNMENT);
  }
}
