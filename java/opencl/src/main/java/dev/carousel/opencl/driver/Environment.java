package dev.carousel.opencl.driver;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * What loaders and drivers read of this process's environment before they are called first. What the user has set stands;
 * the rest is added once, which leaves what other threads read in place.
 */
final class Environment {
  private Environment() {}

  static void prepare() {
    Map<String, String> wanted = new TreeMap<>();
    // To sort platforms ocl-icd asks each for its devices before it names any, and one that hangs takes down all.
    wanted.put("OCL_ICD_PLATFORM_SORT", "none");
    // PoCL's threads were seen to share one processor for the first milliseconds while the other was idle.
    if (hasAllProcessors()) {
      wanted.put("POCL_AFFINITY", "1");
    }
    Linker linker = Linker.nativeLinker();
    linker.defaultLookup().find("setenv").ifPresent(address -> {
      MethodHandle setenv = linker.downcallHandle(address, FunctionDescriptor.of(ValueLayout.JAVA_INT,
          ValueLayout.ADDRESS, ValueLayout.ADDRESS, ValueLayout.JAVA_INT));
      wanted.forEach((name, value) -> set(setenv, name, value));
    });
  }

  private static void set(MethodHandle setenv, String name, String value) {
    try (Arena arena = Arena.ofConfined()) {
      int _ = (int) setenv.invokeExact(arena.allocateFrom(name), arena.allocateFrom(value), 0);
    } catch (Throwable impossible) {
      throw new AssertionError("setenv throws nothing", impossible);
    }
  }

  /** Whether this process may run on every processor of the machine: then a driver may name them by their numbers. */
  private static boolean hasAllProcessors() {
    try {
      String online = Files.readString(Path.of("/sys/devices/system/cpu/online")).strip();
      return Files.readAllLines(Path.of("/proc/self/status")).stream()
          .anyMatch(line -> line.matches("Cpus_allowed_list:\\s+" + online));
    } catch (IOException elsewhere) { // these files are Linux's
      return false;
    }
  }
}
