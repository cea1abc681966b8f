package dev.carousel.formats.npy;

import dev.carousel.formats.data.Element;
import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.data.MappedFile;
import dev.carousel.formats.data.NdArray;
import dev.carousel.formats.data.NewFile;
import dev.carousel.formats.data.WholeFile;
import dev.carousel.spi.runtime.HostMemory;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;

/**
 * What a .npy file holds.
 *
 * @param array the numbers as they lie; of an array in Fortran's order, the dimensions stand in reverse
 * @param fortran whether they do
 */
public record Npy(NdArray array, boolean fortran) {

  /** Reads a file of one array, off the heap. */
  public static Npy read(Path file) throws IOException {
    return parse(WholeFile.read(file), file.toString());
  }

  /**
   * Maps a file of one array, which may be larger than memory, until the arena is closed. It is for {@link MappedFile}
   * to say what may look at its numbers.
   */
  public static Npy map(Path file, Arena arena) throws IOException {
    return MappedFile.reading(file.toString(), () -> parse(MappedFile.map(file, arena), file.toString()));
  }

  /** The array in the memory of a file; messages call it so. */
  public static Npy parse(MemorySegment file, String what) throws FormatException {
    NpyHeader header = NpyHeader.read(file, what);
    long count = NdArray.count(header.shape());
    FormatException.check(count >= 0 && count <= file.byteSize(),
        "%s is to hold an array of %s, and has %d bytes. It is"
            + " damaged or incomplete.",
        what, header.shape(), file.byteSize());
    long bytes = count * header.element().bytes();
    MemorySegment data = MappedFile.part(file, header.start(), bytes, "The array of " + header.shape() + " in " + what);
    FormatException.check(header.start() + bytes == file.byteSize(), "%s has %d bytes behind its array of %s. Several"
        + " arrays go in one file with numpy.savez.", what, file.byteSize() - header.start() - bytes, header.shape());
    List<Long> shape = header.fortran() ? header.shape().reversed() : header.shape();
    return new Npy(new NdArray(header.element(), shape, data), header.fortran());
  }

  /** Writes an array in C's order. */
  public static void write(Path file, NdArray array) throws IOException {
    byte[] header = NpyHeader.bytes(array.element(), array.shape());
    try (NewFile target = NewFile.at(file)) {
      target.write(ByteBuffer.wrap(header));
      target.write(array.data());
      target.complete();
    }
  }

  /**
   * Makes a file of zeros in such a shape, and returns its numbers, which are written to the file as they are set, until
   * the arena is closed.
   */
  public static MemorySegment create(Path file, Element element, List<Long> shape, Arena arena) throws IOException {
    byte[] header = NpyHeader.bytes(element, shape);
    long count = NdArray.count(shape);
    FormatException.check(count <= (Long.MAX_VALUE - header.length) / element.bytes(), "%s is to hold an array of %s%s,"
        + " more than a file holds.", file, element, shape);
    return MappedFile.reading(file.toString(), () -> {
      MemorySegment mapped = MappedFile.create(file, header.length + count * element.bytes(), arena);
      MemorySegment.copy(MemorySegment.ofArray(header), 0, mapped, 0, header.length);
      return mapped.asSlice(header.length);
    });
  }

  /** The array as numpy shows it, in C's order: a copy where it lies in Fortran's and has more than one dimension. */
  public NdArray rowMajor() {
    if (!fortran || array.rank() < 2) {
      return array;
    }
    List<Long> shape = array.shape().reversed();
    MemorySegment data = HostMemory.allocate(Arena.ofAuto(), (double) array.data().byteSize(),
        "An array of " + shape + " in C's order");
    if (array.count() > 0) {
      new Turning(array, data).turn();
    }
    return new NdArray(array.element(), shape, data);
  }
}
