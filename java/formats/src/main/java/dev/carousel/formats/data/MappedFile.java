package dev.carousel.formats.data;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Files as memory: nothing of them is copied, and the system reads what is looked at.
 *
 * <p>Who cuts a file while it is mapped takes its memory away. The JVM survives that where Java looks at it, with an
 * InternalError, and dies where native code does, which checksums, inflaters and whatever else it has as an intrinsic
 * are too. So nothing but Java looks at mapped memory, and within {@link #reading}.
 */
public final class MappedFile {
  private MappedFile() {}

  /** What looks at mapped memory. */
  @FunctionalInterface
  public interface Look<T> {
    /** Does so. */
    T look() throws IOException;
  }

  /** All of a file, read-only, until the arena is closed. One of another file system, which may have no maps, is read. */
  public static MemorySegment map(Path file, Arena arena) throws IOException {
    FormatException.check(!Files.isDirectory(file), "%s is a folder, and a file is needed.", file);
    if (!WholeFile.isLocal(file)) {
      return WholeFile.read(file);
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
    }
  }

  /**
   * A new file of so many zeros, to be written by way of its memory until the arena is closed. What stood there before
   * is removed first.
   */
  public static MemorySegment create(Path file, long bytes, Arena arena) throws IOException {
    Path place = NewFile.place(file);
    Files.deleteIfExists(place); // or what is mapped from it would change
    long free = Files.getFileStore(place.toAbsolutePath().getParent()).getUsableSpace();
    if (bytes > free) {
      throw new IOException(file + " is to take " + bytes + " bytes, and its disk has " + free + " left.");
    }
    try (FileChannel channel = FileChannel.open(place, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ,
        StandardOpenOption.WRITE)) {
      return channel.map(FileChannel.MapMode.READ_WRITE, 0, bytes, arena);
    }
  }

  /** Looks at mapped memory; what is no longer there is an IOException. */
  public static <T> T reading(String what, Look<T> look) throws IOException {
    try {
      return look.look();
    } catch (InternalError gone) {
      throw new IOException("A part of " + what + " could not be reached in its file: something else cut the file while"
          + " it was mapped, or its disk is full or gone. Try again when the file is whole.", gone);
    }
  }

  /** A part of a file's memory; a place outside of it is a FormatException that names what was to stand there. */
  public static MemorySegment part(MemorySegment file, long offset, long bytes, String what) throws FormatException {
    FormatException.check(offset >= 0 && bytes >= 0 && offset <= file.byteSize() - bytes,
        "%s is to be %d bytes from byte %d on, and there are %d. The file is damaged or incomplete.", what, bytes,
        offset,
        file.byteSize());
    return file.asSlice(offset, bytes);
  }
}
