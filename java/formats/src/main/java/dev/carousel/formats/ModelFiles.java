package dev.carousel.formats;

import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.data.MappedFile;
import dev.carousel.formats.model.SavedModel;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/** Trained models from and to files. What a file is shows in its first bytes, what it is to become in its name. */
public final class ModelFiles {
  private ModelFiles() {}

  /** Reads a model; what is damaged, or is not run, is a {@link FormatException}. */
  public static SavedModel read(Path file) throws IOException {
    MemorySegment bytes = MappedFile.read(file);
    FormatException.check(bytes.byteSize() > 0, "%s is empty.", file);
    throw FormatException.of("%s is of no known format.", file);
  }

  /** Writes a model in the format that the file's name says. */
  public static void write(Path file, SavedModel model) throws IOException {
    FormatException.check(false, "%s has no ending that says what format %s is to have.", file, model.origin());
  }
}
