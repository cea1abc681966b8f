package dev.carousel.bench;

import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * The memory of this process. It is to run with {@link #OPTIONS}: the heap is resident as a whole from the start, and
 * what the resident set grows by lies outside of it.
 */
record Resident(long resident, long heap) {
  static final String[] OPTIONS = {"-Xms2g", "-Xmx2g", "-XX:+AlwaysPreTouch", "-XX:+UseSerialGC",
      "--sun-misc-unsafe-memory-access=allow"};
  private static final int COLLECTIONS = 3;
  private static final long PAUSE = 20_000_000; // ns
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final String LINE = "VmRSS:";

  /** After garbage is collected, in the heap and outside. */
  static Resident settled() throws IOException {
    for (int i = 0; i < COLLECTIONS; i++) { // what a cleaner frees, the next collection finds
      System.gc();
      LockSupport.parkNanos(PAUSE);
    }
    trim();
    return new Resident(now(), ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
  }

  /** The bytes that are resident. */
  static long now() throws IOException {
    try (Stream<String> lines = Files.lines(STATUS)) {
      String line = lines.filter(one -> one.startsWith(LINE)).findFirst()
          .orElseThrow(() -> new IOException(STATUS + " has no line " + LINE));
      return 1024 * Long.parseLong(line.replaceAll("\\D", ""));
    }
  }

  /** The C library keeps what is freed, for whoever asks next. */
  @SuppressWarnings("restricted")
  private static void trim() {
    Linker linker = Linker.nativeLinker();
    MethodHandle trim = linker.downcallHandle(linker.defaultLookup().findOrThrow("malloc_trim"),
        FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG));
    try {
      int _ = (int) trim.invokeExact(0L);
    } catch (RuntimeException | Error failure) {
      throw failure;
    } catch (Throwable failure) {
      throw new IllegalStateException(failure);
    }
  }
}
