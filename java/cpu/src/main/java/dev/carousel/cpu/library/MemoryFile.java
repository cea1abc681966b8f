package dev.carousel.cpu.library;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A file of Linux that lies in memory and in no folder, so that nobody can exchange it, and code may be loaded from it
 * where no place on a disk will do. It is there for the life of this process, as the code is.
 */
final class MemoryFile {
  private static final int CLOSE_ON_EXEC = 1;

  private MemoryFile() {}

  /** Files of those contents, in the order of the names. */
  static List<Path> all(Map<String, byte[]> contents) throws IOException {
    MethodHandle create = Linker.nativeLinker().downcallHandle(
        Linker.nativeLinker().defaultLookup().find("memfd_create")
            .orElseThrow(() -> new IOException("This system has no files in memory.")),
        FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT));
    List<Path> files = new ArrayList<>();
    for (Map.Entry<String, byte[]> content : contents.entrySet()) {
      Path file = Path.of("/proc/self/fd/" + create(create, content.getKey()));
      Files.write(file, content.getValue(), StandardOpenOption.WRITE);
      files.add(file);
    }
    return files;
  }

  private static int create(MethodHandle create, String name) throws IOException {
    int descriptor;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment text = arena.allocateFrom(name);
      descriptor = (int) create.invokeExact(text, CLOSE_ON_EXEC);
    } catch (RuntimeException | Error refused) { // no memory for the name
      throw refused;
    } catch (Throwable impossible) {
      throw new AssertionError("memfd_create throws nothing.", impossible);
    }
    if (descriptor < 0) {
      throw new IOException("The system refuses files in memory.");
    }
    return descriptor;
  }
}
