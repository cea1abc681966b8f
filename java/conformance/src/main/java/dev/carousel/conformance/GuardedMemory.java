package dev.carousel.conformance;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Locale;

/**
 * Memory that ends, to the byte, where a page begins that may not be touched: native code that reads on is stopped by the
 * processor. On systems without mmap it cannot be had.
 */
final class GuardedMemory {
  private static final long PAGE = 1 << 16; // a multiple of every page size in use
  private static final int READ_WRITE = 3;
  private static final int NOTHING = 0;

  private final Arena arena;
  private final MethodHandle map;
  private final MethodHandle protect;
  private final MethodHandle unmap;
  private final int flags; // MAP_PRIVATE | MAP_ANONYMOUS

  /** Memory that is given back when the arena closes. */
  @SuppressWarnings("restricted")
  GuardedMemory(Arena arena) {
    this.arena = arena;
    Linker linker = Linker.nativeLinker();
    SymbolLookup symbols = linker.defaultLookup();
    var address = ValueLayout.ADDRESS;
    var size = ValueLayout.JAVA_LONG;
    var number = ValueLayout.JAVA_INT;
    map = linker.downcallHandle(symbols.findOrThrow("mmap"),
        FunctionDescriptor.of(address, address, size, number, number, number, size));
    protect = linker.downcallHandle(symbols.findOrThrow("mprotect"),
        FunctionDescriptor.of(number, address, size, number));
    unmap = linker.downcallHandle(symbols.findOrThrow("munmap"), FunctionDescriptor.of(number, address, size));
    flags = system().contains("mac") ? 0x1002 : 0x22;
  }

  static boolean available() {
    return !system().contains("windows");
  }

  private static String system() {
    return System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
  }

  /** A copy of the values, flush against the page behind it. */
  @SuppressWarnings("restricted")
  MemorySegment copy(MemorySegment values) {
    long size = values.byteSize();
    long whole = (size + PAGE - 1) / PAGE * PAGE;
    try {
      MemorySegment pages = (MemorySegment) map.invokeExact(MemorySegment.NULL, whole + PAGE, READ_WRITE, flags, -1,
          0L);
      MemorySegment guard = MemorySegment.ofAddress(pages.address() + whole);
      if (pages.address() == -1 || (int) protect.invokeExact(guard, PAGE, NOTHING) != 0) {
        throw new IllegalStateException("The system gave no guarded page.");
      }
      MemorySegment flush = MemorySegment.ofAddress(pages.address() + whole - size).reinterpret(size, arena,
          _ -> free(pages, whole + PAGE));
      flush.copyFrom(values);
      return flush;
    } catch (Throwable failure) {
      throw new IllegalStateException("The system gave no guarded page: " + failure, failure);
    }
  }

  private void free(MemorySegment pages, long size) {
    try {
      int done = (int) unmap.invokeExact(pages, size);
      if (done != 0) {
        throw new IllegalStateException("The system did not take its pages back.");
      }
    } catch (Throwable failure) {
      throw new IllegalStateException("The system did not take its pages back: " + failure, failure);
    }
  }
}
