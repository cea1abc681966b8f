package dev.carousel.formats.onnx.proto;

import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.data.MappedFile;
import dev.carousel.formats.data.WholeFile;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The files beside a model that hold the numbers of its large tensors, each read once. */
public final class ExternalData {
  private final Optional<Path> folder;
  private final Map<Path, MemorySegment> files = new HashMap<>();

  /** Files are looked for in the model's folder and below, nowhere else; a model of bytes has no folder. */
  public ExternalData(Optional<Path> folder) {
    this.folder = folder;
  }

  /** The bytes of all files that were read so far. */
  public long bytes() {
    return files.values().stream().mapToLong(MemorySegment::byteSize).sum();
  }

  /** The part of a file that a tensor's entries name. */
  MemorySegment read(List<MemorySegment> entries, long bytes, String what) throws IOException {
    Map<String, String> named = new HashMap<>();
    for (MemorySegment entry : entries) {
      entry(entry, named);
    }
    MemorySegment file = file(named.getOrDefault("location", ""), what);
    long offset = number(named.getOrDefault("offset", "0"), what);
    long length = number(named.getOrDefault("length", Long.toString(bytes)), what);
    FormatException.check(length == bytes, "%s takes %d bytes, and %d are named in another file.", what, bytes, length);
    return MappedFile.part(file, offset, bytes, what);
  }

  private static void entry(MemorySegment message, Map<String, String> named) throws FormatException {
    String key = "";
    String value = "";
    Wire wire = new Wire(message, "external data");
    while (wire.next()) {
      switch (wire.field()) {
        case 1 -> key = wire.text();
        case 2 -> value = wire.text();
        default -> wire.skip();
      }
    }
    named.put(key, value);
  }

  private static long number(String text, String what) throws FormatException {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException _) {
      throw FormatException.of("%s stands in another file at \"%s\", which is no number. The file is damaged.", what,
          NodeProto.shortened(text));
    }
  }

  /** A name that goes up or starts at a root could make any file of the machine part of a model. */
  private MemorySegment file(String location, String what) throws IOException {
    Path model = folder.orElseThrow(() -> FormatException.of("%s stands in the file \"%s\" beside the model, and"
        + " what is given as bytes has nothing beside it. Read the model from its path, or save it with all its tensors"
        + " inside.", what, NodeProto.shortened(location)));
    Path relative = path(model, location, what);
    for (Path part : relative) {
      FormatException.check(!part.toString().equals(".."), "%s stands in the file \"%s\", which is outside of the"
          + " model's folder. Put it beside the model.", what, NodeProto.shortened(location));
    }
    FormatException.check(!relative.isAbsolute() && !location.isEmpty(), "%s stands in the file \"%s\", and a place"
        + " within the model's folder is needed. Put it beside the model.", what, NodeProto.shortened(location));
    Path path = model.resolve(relative).normalize();
    MemorySegment known = files.get(path);
    if (known != null) {
      return known;
    }
    FormatException.check(Files.isRegularFile(path), "%s stands in the file %s, which is not there. Put it beside the"
        + " model.", what, NodeProto.shortened(path.toString()));
    MemorySegment bytes = WholeFile.read(path);
    files.put(path, bytes);
    return bytes;
  }

  private static Path path(Path model, String location, String what) throws FormatException {
    try {
      return model.getFileSystem().getPath(location);
    } catch (InvalidPathException _) {
      throw FormatException.of("%s stands in the file \"%s\", which is no name of a file. The model is damaged.", what,
          NodeProto.shortened(location.replace('\0', '?')));
    }
  }
}
