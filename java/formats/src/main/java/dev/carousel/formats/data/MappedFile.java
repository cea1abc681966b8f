package dev.carousel.formats.data;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Files as memory: nothing of them comes to the heap, and the system reads what is looked at. */
public final class MappedFile {
  private MappedFile() {}

  /** All of a file, read-only, for as long as something refers to it. */
  public static MemorySegment read(Path file) throws IOException {
    FormatException.check(!Files.isDirectory(file), "%s is a folder, and a file is needed.", file);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), Arena.ofAuto());
    }
  }

  /** A new file of so many zeros, to be written by way of its memory. What stood there before is removed first. */
  public static MemorySegment create(Path file, long bytes) throws IOException {
    Path place = NewFile.place(file);
    Files.deleteIfExists(place); // or what is mapped from it would change
    long free = Files.getFileStore(place.toAbsolutePath().getParent()).getUsableSpace();
    if (bytes > free) {
      throw new IOException(file + " is to take " + bytes + " bytes, and its disk has " + free + " left.");
    }
    try (FileChannel channel = FileChannel.open(place, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ,
        StandardOpenOption.WRITE)) {
      return channel.map(FileChannel.MapMode.READ_WRITE, 0, bytes, Arena.ofAuto());
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
