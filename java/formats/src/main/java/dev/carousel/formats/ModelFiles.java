package dev.carousel.formats;

import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.data.MappedFile;
import dev.carousel.formats.data.NdArray;
import dev.carousel.formats.data.Source;
import dev.carousel.formats.data.ZipArchive;
import dev.carousel.formats.keras.KerasFile;
import dev.carousel.formats.model.SavedModel;
import dev.carousel.formats.onnx.OnnxFile;
import dev.carousel.formats.onnx.OnnxWriter;
import dev.carousel.formats.safetensors.CarouselFile;
import dev.carousel.formats.safetensors.PyTorchFile;
import dev.carousel.formats.safetensors.Safetensors;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Trained models from files, streams and memory, and to files. What a file is shows in its first bytes, what it is to
 * become in its name.
 */
public final class ModelFiles {
  private static final int PICKLE = 0x80; // its first operation, followed by the protocol's number
  private static final int PICKLE_PROTOCOLS = 5;

  /** The formats that are written. */
  public enum Format {
    /** Carousel's own: safetensors with the network in its metadata. */
    CAROUSEL,
    /** safetensors with the names of a PyTorch state dict, and JSON beside it where they do not say all. */
    PYTORCH,
    /** An ONNX graph. */
    ONNX
  }

  private ModelFiles() {}

  /** Reads a model from a file of any file system; what is damaged, or is not run, is a {@link FormatException}. */
  public static SavedModel read(Path file) throws IOException {
    return read(Source.of(file));
  }

  /**
   * Reads a model from all that a stream has left, which takes twice its size in memory for a moment. The stream is left
   * open. Nothing stands beside it: a network is told by its weights where it can be, as of a file that stands alone.
   *
   * @param name what messages call the model
   */
  public static SavedModel read(InputStream stream, String name) throws IOException {
    return read(Source.of(stream, name));
  }

  /**
   * Reads a model from memory of any kind, of which a copy is taken first: it may be freed or changed afterwards. As of a
   * stream, nothing stands beside it.
   *
   * @param name what messages call the model
   */
  public static SavedModel read(MemorySegment bytes, String name) throws IOException {
    return read(Source.of(bytes, name));
  }

  private static SavedModel read(Source source) throws IOException {
    MemorySegment bytes = source.bytes();
    FormatException.check(bytes.byteSize() > 0, "%s is empty.", source.name());
    FormatException.check(!pickle(bytes), "%s is a pickle, which runs code when it is read. Save the model with"
        + " safetensors.torch.save_file or torch.onnx.export.", source.name());
    if (KerasFile.looksLike(bytes) || ZipArchive.looksLike(bytes)) {
      return KerasFile.read(source);
    }
    if (Safetensors.looksLike(bytes)) {
      Safetensors tensors = Safetensors.parse(bytes, source.name());
      return CarouselFile.isOne(tensors) ? CarouselFile.read(tensors) : PyTorchFile.read(tensors, source.place());
    }
    FormatException.check(OnnxFile.looksLike(bytes), "%s is of no format that is known: .onnx, .safetensors, and Keras'"
        + " .keras, .h5 and .weights.h5 are.", source.name());
    return OnnxFile.read(source, Map.of());
  }

  /** The inputs for which a file wants weights from its caller, as ONNX's own tests do; mostly there are none. */
  public static List<String> weightInputs(Path file) throws IOException {
    try (Arena arena = Arena.ofConfined()) { // of which little is looked at
      return MappedFile.reading(file.toString(), () -> {
        MemorySegment bytes = MappedFile.map(file, arena);
        return OnnxFile.looksLike(bytes) ? OnnxFile.weightInputs(bytes) : List.of();
      });
    }
  }

  /** Reads a model whose {@link #weightInputs} are given here, and are inputs no more. */
  public static SavedModel read(Path file, Map<String, NdArray> weights) throws IOException {
    return weights.isEmpty() ? read(file) : OnnxFile.read(file, weights);
  }

  private static boolean pickle(MemorySegment bytes) {
    return bytes.byteSize() > 1 && Byte.toUnsignedInt(bytes.get(ValueLayout.JAVA_BYTE, 0)) == PICKLE
        && bytes.get(ValueLayout.JAVA_BYTE, 1) <= PICKLE_PROTOCOLS && bytes.get(ValueLayout.JAVA_BYTE, 1) > 0;
  }

  /** Writes a model as the file's name says: .onnx, or .safetensors for Carousel's own format. */
  public static void write(Path file, SavedModel model) throws IOException {
    String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
    FormatException.check(name.endsWith(".onnx") || name.endsWith(".safetensors"),
        "%s is to be written, and its name does not say as what: .onnx and .safetensors are written.", file);
    write(file, model, name.endsWith(".onnx") ? Format.ONNX : Format.CAROUSEL);
  }

  /** Writes a model in a format, whatever the file's name; what a format has no form for is a {@link FormatException}. */
  public static void write(Path file, SavedModel model, Format format) throws IOException {
    switch (format) {
      case CAROUSEL -> CarouselFile.write(file, model);
      case PYTORCH -> PyTorchFile.write(file, model);
      case ONNX -> OnnxWriter.write(file, model);
    }
  }
}
