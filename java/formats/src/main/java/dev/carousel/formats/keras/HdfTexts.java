package dev.carousel.formats.keras;

import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.data.LittleEndian;
import dev.carousel.formats.data.MappedFile;
import dev.carousel.formats.data.NdArray;
import io.jhdf.GlobalHeap;
import io.jhdf.api.Attribute;
import io.jhdf.object.datatype.DataType;
import io.jhdf.object.datatype.StringData;
import io.jhdf.object.datatype.VariableLength;
import io.jhdf.storage.HdfBackingStorage;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Attributes that are texts: of a fixed size each, where they stand, or of any size, in a heap that many share.
 */
final class HdfTexts {
  static final int LONGEST = 4 << 20; // bytes of a text; what a configuration makes of one in memory is many times it
  private static final int REFERENCE = 16; // the size, the address of a heap, the index in it

  private final HdfBackingStorage storage;
  private final MemorySegment file;
  private final Claims claims;
  private final Map<Long, GlobalHeap> heaps = new HashMap<>();

  HdfTexts(HdfBackingStorage storage, MemorySegment file, Claims claims) {
    this.storage = storage;
    this.file = file;
    this.claims = claims;
  }

  /** The texts of an attribute; none where it is absent or, as Keras writes lists of none, holds no element. */
  List<String> read(Optional<Attribute> present, String name) throws FormatException {
    if (present.isEmpty()) {
      return List.of();
    }
    Attribute attribute = present.get();
    Optional<ByteBuffer> data = HdfGroup.reading(name, () -> Optional.ofNullable(attribute.getBuffer()));
    if (data.isEmpty()) {
      return List.of();
    }
    DataType type = HdfGroup.reading(name, attribute::getDataType);
    boolean variable = type instanceof VariableLength lengths && lengths.isVariableLengthString();
    FormatException.check(variable || type instanceof StringData,
        "Attribute %s in the HDF5 file is to be a text, and is"
            + " of %s.",
        name, type.getClass().getSimpleName());
    int size = type.getSize();
    List<Long> shape = HdfGroup.reading(name, () -> Arrays.stream(attribute.getDimensionsAsLong()).boxed().toList());
    long count = NdArray.count(shape);
    claims.read(data.get().remaining());
    byte[] bytes = new byte[data.get().remaining()];
    data.get().get(bytes);
    FormatException.check(size > 0 && count >= 0 && count <= bytes.length / size && (!variable || size == REFERENCE),
        "Attribute %s in the HDF5 file is to be %s texts of %d bytes, and has %d. The file is damaged.", name, shape,
        size, bytes.length);
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      texts.add(variable ? inHeap(MemorySegment.ofArray(bytes).asSlice((long) i * size, size), name)
          : text(bytes, i * size, size));
    }
    return texts;
  }

  private String inHeap(MemorySegment reference, String name) throws FormatException {
    long address = LittleEndian.signedLong(reference, 4);
    long index = LittleEndian.unsignedInt(reference, 12);
    if (index == 0) {
      return ""; // an empty text has no place in a heap
    }
    GlobalHeap heap = heap(address);
    ByteBuffer data = HdfGroup.reading(name, () -> heap.getObjectData(Math.toIntExact(index)));
    FormatException.check(data.remaining() <= LONGEST, "Attribute %s in the HDF5 file is a text of %d bytes; up to %d"
        + " are read.", name, data.remaining(), LONGEST);
    claims.read(data.remaining());
    byte[] bytes = new byte[data.remaining()];
    data.get(bytes);
    return text(bytes, 0, bytes.length);
  }

  private GlobalHeap heap(long address) throws FormatException {
    GlobalHeap known = heaps.get(address);
    if (known != null) {
      return known;
    }
    MappedFile.part(file, address, 16, "A heap of texts");
    claims.claim(address, LittleEndian.signedLong(file, address + 8), "A heap of texts");
    GlobalHeap heap = HdfGroup.reading("A heap of texts", () -> new GlobalHeap(storage, address));
    heaps.put(address, heap);
    return heap;
  }

  private static String text(byte[] bytes, int from, int size) {
    int to = from;
    while (to < from + size && bytes[to] != 0) {
      to++;
    }
    return new String(bytes, from, to - from, StandardCharsets.UTF_8);
  }
}
