package dev.carousel.formats.data;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What a model is read from: all of its bytes in memory of our own, whoever gave them.
 *
 * @param bytes read-only, off the heap, for as long as something refers to them
 * @param name what messages call it
 * @param place where it stands, if it is a file: other files may stand beside it, and nothing stands beside bytes
 */
public record Source(MemorySegment bytes, String name, Optional<Path> place) {

  /** A file, of any file system. */
  public static Source of(Path file) throws IOException {
    return new Source(WholeFile.read(file), file.toString(), Optional.of(file));
  }

  /** What a stream gives from where it stands to its end. It is left open. */
  public static Source of(InputStream stream, String name) throws IOException {
    return new Source(WholeStream.read(stream, name), name, Optional.empty());
  }

  /** A copy of memory of any kind, which may be changed or freed afterwards. */
  public static Source of(MemorySegment memory, String name) throws IOException {
    MemorySegment bytes = WholeFile.allocate(memory.byteSize(), name);
    return MappedFile.reading(name, () -> new Source(bytes.copyFrom(memory).asReadOnly(), name, Optional.empty()));
  }
}
