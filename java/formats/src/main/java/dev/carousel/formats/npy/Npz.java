package dev.carousel.formats.npy;

import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.data.MappedFile;
import dev.carousel.formats.data.NdArray;
import dev.carousel.formats.data.NewFile;
import dev.carousel.formats.data.WholeFile;
import dev.carousel.formats.data.ZipArchive;
import dev.carousel.formats.data.ZipWriter;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Files of many arrays by name, as numpy.savez writes them. */
public final class Npz {
  private static final String SUFFIX = ".npy";

  private Npz() {}

  /** The arrays by name, in the file's order, off the heap. */
  public static Map<String, Npy> read(Path file) throws IOException {
    return arrays(WholeFile.read(file), file);
  }

  /**
   * The same of a file that is mapped until the arena is closed, and may be larger than memory. Only of deflated arrays
   * there is a copy; what may look at the others, {@link MappedFile} says.
   */
  public static Map<String, Npy> map(Path file, Arena arena) throws IOException {
    return MappedFile.reading(file.toString(), () -> arrays(MappedFile.map(file, arena), file));
  }

  private static Map<String, Npy> arrays(MemorySegment bytes, Path file) throws IOException {
    ZipArchive archive = ZipArchive.of(bytes, file.toString());
    Map<String, Npy> arrays = new LinkedHashMap<>();
    for (String name : archive.names()) {
      FormatException.check(name.endsWith(SUFFIX), "%s holds %s, which is no array: the names of arrays end in %s.",
          file,
          name, SUFFIX);
      arrays.put(name.substring(0, name.length() - SUFFIX.length()),
          Npy.parse(archive.entry(name), name + " of " + file));
    }
    return arrays;
  }

  /** Writes arrays by name, in their order, without packing them. */
  public static void write(Path file, Map<String, NdArray> arrays) throws IOException {
    try (NewFile target = NewFile.at(file)) {
      ZipWriter zip = new ZipWriter(target);
      for (Map.Entry<String, NdArray> entry : arrays.entrySet()) {
        NdArray array = entry.getValue();
        byte[] header = NpyHeader.bytes(array.element(), array.shape());
        zip.add(entry.getKey() + SUFFIX, MemorySegment.ofArray(header), array.data());
      }
      zip.finish();
      target.complete();
    }
  }
}
