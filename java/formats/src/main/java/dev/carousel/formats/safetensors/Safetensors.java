package dev.carousel.formats.safetensors;

import dev.carousel.formats.data.Element;
import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.data.LittleEndian;
import dev.carousel.formats.data.Names;
import dev.carousel.formats.data.NdArray;
import dev.carousel.formats.data.NewFile;
import dev.carousel.formats.data.WholeFile;
import dev.carousel.formats.json.Json;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A safetensors file: tensors and texts by name. The tensors are parts of the file's memory; between them, before
 * and behind there is nothing.
 *
 * @param stored what the file says of each tensor, in the header's order
 * @param metadata texts by name
 * @param data the file behind its header
 * @param what the file, for messages
 */
public record Safetensors(Map<String, Stored> stored, Map<String, String> metadata, MemorySegment data, String what) {
  private static final int ALIGNMENT = 64; // the format asks for 8

  /**
   * What a file says of a tensor.
   *
   * @param dtype the element's name, which need not be one that is read
   * @param begin where its bytes begin behind the header
   */
  public record Stored(String dtype, List<Long> shape, long begin, long end) {
    public Stored {
      shape = List.copyOf(shape);
    }
  }

  public Safetensors {
    stored = Collections.unmodifiableMap(new LinkedHashMap<>(stored));
    metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
  }

  /** Whether a file begins as these do: with the length of a header, and a brace. */
  public static boolean looksLike(MemorySegment file) {
    if (file.byteSize() < 10) {
      return false;
    }
    long length = LittleEndian.signedLong(file, 0);
    return length >= 2 && length <= SafetensorsHeader.LONGEST && file.get(ValueLayout.JAVA_BYTE, 8) == '{';
  }

  /** Reads a file and checks all that its header says. */
  public static Safetensors read(Path file) throws IOException {
    return parse(WholeFile.read(file), file.toString());
  }

  /** The same of the memory of a file; messages call it so. */
  public static Safetensors parse(MemorySegment file, String what) throws FormatException {
    return new SafetensorsHeader(file, what).read();
  }

  /** The names of its tensors. */
  public Set<String> names() {
    return stored.keySet();
  }

  /** A tensor by name; one of an element that is not read is refused. */
  public NdArray tensor(String name) throws FormatException {
    Stored tensor = stored.get(name);
    if (tensor == null) {
      throw FormatException.of("%s has no tensor %s; it has %s.", what, name, Names.some(names()));
    }
    for (Element element : Element.values()) {
      if (element.name().equals(tensor.dtype)) {
        return new NdArray(element, tensor.shape, data.asSlice(tensor.begin, tensor.end - tensor.begin));
      }
    }
    throw FormatException
        .of("Tensor %s of %s is of %s, and F32, F64, F16, BF16, I32 and I64 are read. Convert it before"
            + " it is saved.", name, what, tensor.dtype);
  }

  /**
   * Writes tensors, those of the widest elements first, so that each is aligned. A failure leaves what was there
   * before.
   */
  public static void write(Path file, Map<String, NdArray> tensors, Map<String, String> metadata) throws IOException {
    List<Map.Entry<String, NdArray>> sorted = new ArrayList<>(tensors.entrySet());
    sorted.sort(Comparator.comparingInt(entry -> -entry.getValue().element().bytes()));
    Map<String, Object> header = new LinkedHashMap<>();
    if (!metadata.isEmpty()) {
      header.put(SafetensorsHeader.METADATA, metadata);
    }
    long at = 0;
    for (Map.Entry<String, NdArray> entry : sorted) {
      NdArray array = entry.getValue();
      long end = at + array.data().byteSize();
      FormatException.check(!entry.getKey().equals(SafetensorsHeader.METADATA), "A tensor is to be called %s, which the"
          + " format takes for itself.", entry.getKey());
      header.put(entry.getKey(), Json.object("dtype", array.element().name(), "shape", array.shape(), "data_offsets",
          List.of(at, end)));
      at = end;
    }
    try (NewFile target = NewFile.at(file)) {
      target.write(header(Json.of(header)));
      for (Map.Entry<String, NdArray> entry : sorted) {
        target.write(entry.getValue().data());
      }
      target.complete();
    }
  }

  /** The header with its length before it and spaces behind it. */
  private static ByteBuffer header(Json json) throws FormatException {
    byte[] text = json.compact().getBytes(StandardCharsets.UTF_8);
    FormatException.check(text.length <= SafetensorsHeader.LONGEST - ALIGNMENT,
        "The header of a file is to take %d bytes, and the format allows %d.", text.length, SafetensorsHeader.LONGEST);
    int length = (8 + text.length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    ByteBuffer header = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN).putLong(length - 8L).put(text);
    while (header.hasRemaining()) {
      header.put((byte) ' ');
    }
    return header.flip();
  }
}
