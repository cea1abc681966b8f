package dev.carousel.formats.data;

import dev.carousel.spi.form.Legible;
import dev.carousel.spi.runtime.HostMemory;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Files as a copy in memory of our own: nobody who cuts or overwrites the file afterwards changes what was read. */
public final class WholeFile {
  private static final long CHUNK = 1L << 24;

  private WholeFile() {}

  /**
   * All of a file, read-only and off the heap, for as long as something refers to it. Other file systems than the
   * machine's own, that of a zip file for one, are taken as streams: what they say of sizes need not be so.
   */
  public static MemorySegment read(Path file) throws IOException {
    FormatException.check(!Files.isDirectory(file), "%s is a folder, and a file is needed.", file);
    if (!isLocal(file)) {
      try (InputStream stream = Files.newInputStream(file)) {
        return WholeStream.read(stream, file.toString());
      }
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      MemorySegment bytes = allocate(channel.size(), file.toString());
      fill(bytes, channel, file);
      return bytes.asReadOnly();
    }
  }

  /** Whether a file is of the file system of the machine, and not of one that a library makes of something else. */
  static boolean isLocal(Path file) {
    return file.getFileSystem().equals(FileSystems.getDefault());
  }

  /** Reads from where the channel stands until the memory is full; a file that ends before was cut meanwhile. */
  static void fill(MemorySegment bytes, FileChannel channel, Path file) throws IOException {
    long at = 0;
    while (at < bytes.byteSize()) {
      int read = channel.read(bytes.asSlice(at, Math.min(CHUNK, bytes.byteSize() - at)).asByteBuffer());
      if (read < 0) {
        throw new IOException(file + " had " + bytes.byteSize() + " bytes when it was opened, and ended after " + at
            + " when it was read: something else cut it meanwhile. Read it again when it is whole.");
      }
      at += read;
    }
  }

  /** Memory for a copy of so many bytes, freed when nothing refers to it. */
  static MemorySegment allocate(long bytes, String what) throws IOException {
    try {
      return HostMemory.allocate(Arena.ofAuto(), (double) bytes, what);
    } catch (IllegalArgumentException | OutOfMemoryError tooLarge) {
      throw new IOException(Legible.format("%s has %d bytes, more than there is memory for. Raise"
          + " -XX:MaxDirectMemorySize, or read it on a larger machine.", what, bytes), tooLarge);
    }
  }
}
