package dev.carousel.formats.data;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/**
 * A file in the making: written beside its place, and moved there when it is complete, so that a failure leaves what was
 * there before. What is mapped from the old file stays as it was.
 */
public final class NewFile implements AutoCloseable {
  private final Path place;
  private final Path temporary;
  private final FileChannel channel;

  private NewFile(Path place, Path temporary, FileChannel channel) {
    this.place = place;
    this.temporary = temporary;
    this.channel = channel;
  }

  /** Begins a file that is to stand there in the end. */
  public static NewFile at(Path file) throws IOException {
    Path place = place(file);
    Path temporary = place.resolveSibling(".carousel-" + UUID.randomUUID() + ".tmp");
    return new NewFile(place, temporary,
        FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
  }

  /** Where a new file may stand: where nothing is, or a file that it replaces; of a link, where the link leads. */
  static Path place(Path file) throws IOException {
    Path place = Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
    Path folder = place.getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      throw new IOException("The folder of " + file + " is not there. Make it first.");
    }
    if (Files.exists(place) && !Files.isRegularFile(place)) {
      throw new IOException(file + " is no plain file, and would be replaced by one. Name another.");
    }
    return place;
  }

  /** Adds bytes of any memory. */
  public void write(MemorySegment bytes) throws IOException {
    Chunks.each(bytes, this::write);
  }

  /** Adds the bytes that a buffer has left. */
  public void write(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  /** What takes its bytes, for those who write to channels; it is closed with this. */
  public WritableByteChannel channel() {
    return channel;
  }

  /** How many bytes have been written. */
  public long position() throws IOException {
    return channel.position();
  }

  /** Puts the file in its place, all of it being on the disk. */
  public void complete() throws IOException {
    channel.force(true);
    channel.close();
    Files.move(temporary, place, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }

  /** Leaves no trace of a file that was not completed. */
  @Override
  public void close() throws IOException {
    channel.close();
    Files.deleteIfExists(temporary);
  }
}
