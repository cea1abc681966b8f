package dev.carousel.formats.safetensors;

import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.data.LittleEndian;
import dev.carousel.formats.data.MappedFile;
import dev.carousel.formats.data.NdArray;
import dev.carousel.formats.json.Fields;
import dev.carousel.formats.json.Json;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The reading of a file's header, with all the checks that the format asks for. */
record SafetensorsHeader(MemorySegment file, String what) {
  static final int LONGEST = 100_000_000; // the format's own bound
  static final String METADATA = "__metadata__";
  private static final int HEAP_FACTOR = 64; // what a byte of JSON may take on the heap once it is read

  Safetensors read() throws FormatException {
    long length = LittleEndian.signedLong(MappedFile.part(file, 0, 8, "The length of the header of " + what), 0);
    FormatException.check(length >= 2 && length <= LONGEST, "%s is to have a header of %d bytes, and the format allows"
        + " %d. It is damaged or no safetensors file.", what, length, LONGEST);
    FormatException.check(length <= Runtime.getRuntime().maxMemory() / HEAP_FACTOR,
        "%s has a header of %d bytes, too large for this heap. Start Java with a larger one.", what, length);
    MemorySegment text = MappedFile.part(file, 8, length, "The header of " + what);
    FormatException.check(text.get(ValueLayout.JAVA_BYTE, 0) == '{', "%s has a header that is no object of JSON.",
        what);
    MemorySegment data = file.asSlice(8 + length);
    Map<String, Safetensors.Stored> stored = new LinkedHashMap<>();
    Map<String, String> metadata = new LinkedHashMap<>();
    for (Map.Entry<String, Json> member : json(text).members().entrySet()) {
      String name = member.getKey();
      if (name.equals(METADATA)) {
        for (Map.Entry<String, Json> entry : member.getValue().members().entrySet()) {
          metadata.put(entry.getKey(), entry.getValue().text());
        }
      } else {
        FormatException.check(name.chars().noneMatch(Character::isISOControl), "%s has a tensor whose name cannot be"
            + " shown.", what);
        stored.put(name, stored(name, member.getValue(), data.byteSize()));
      }
    }
    checkWhole(stored, data.byteSize());
    return new Safetensors(stored, metadata, data, what);
  }

  private Json json(MemorySegment text) throws FormatException {
    try {
      return Json.parse(StandardCharsets.UTF_8.newDecoder()
          .decode(ByteBuffer.wrap(text.toArray(ValueLayout.JAVA_BYTE))).toString());
    } catch (CharacterCodingException wrong) {
      throw new FormatException(what + " has a header that is not UTF-8. It is damaged.", wrong);
    } catch (FormatException wrong) {
      throw new FormatException("The header of " + what + " cannot be read: " + wrong.getMessage(), wrong);
    }
  }

  private Safetensors.Stored stored(String name, Json json, long limit) throws FormatException {
    Fields fields = Fields.of(json, "Tensor " + name + " of " + what);
    String dtype = fields.text("dtype");
    List<Long> shape = longs(fields.get("shape"));
    List<Long> offsets = longs(fields.get("data_offsets"));
    fields.end();
    FormatException.check(offsets.size() == 2 && offsets.get(0) >= 0 && offsets.get(0) <= offsets.get(1)
        && offsets.get(1) <= limit, "%s is to stand at %s, and there are %d bytes. The file is damaged or incomplete.",
        fields.what(), offsets, limit);
    long count = NdArray.count(shape);
    FormatException.check(count >= 0, "%s has the shape %s, which no file holds.", fields.what(), shape);
    long bytes = offsets.get(1) - offsets.get(0);
    int bits = bits(dtype);
    FormatException.check(bits == 0 || (count <= 8 * limit && bytes * 8 == count * bits),
        "%s is %s%s and has %d bytes. The file is damaged.", fields.what(), dtype, shape, bytes);
    return new Safetensors.Stored(dtype, shape, offsets.get(0), offsets.get(1));
  }

  private static List<Long> longs(Json json) throws FormatException {
    List<Long> values = new ArrayList<>();
    for (Json item : json.items()) {
      values.add(item.whole());
    }
    return values;
  }

  /** The bits of an element, of those that are not read too; 0 where a later version of the format has a new one. */
  private static int bits(String dtype) {
    return switch (dtype) {
      case "BOOL", "U8", "I8", "F8_E5M2", "F8_E4M3", "F8_E8M0" -> 8;
      case "U16", "I16", "F16", "BF16" -> 16;
      case "U32", "I32", "F32" -> 32;
      case "U64", "I64", "F64", "C64" -> 64;
      default -> 0;
    };
  }

  /** Tensors follow each other from the first byte of the data to the last. */
  private void checkWhole(Map<String, Safetensors.Stored> stored, long bytes) throws FormatException {
    List<Map.Entry<String, Safetensors.Stored>> sorted = new ArrayList<>(stored.entrySet());
    sorted.sort(Comparator.comparingLong((Map.Entry<String, Safetensors.Stored> entry) -> entry.getValue().begin())
        .thenComparingLong(entry -> entry.getValue().end()));
    long at = 0;
    for (Map.Entry<String, Safetensors.Stored> entry : sorted) {
      FormatException.check(entry.getValue().begin() == at, "Tensor %s of %s begins at byte %d, and the one before it"
          + " ends at %d. The file is damaged.", entry.getKey(), what, entry.getValue().begin(), at);
      at = entry.getValue().end();
    }
    FormatException.check(at == bytes, "%s has %d bytes behind its header, and its tensors take %d. It is damaged or"
        + " incomplete.", what, bytes, at);
  }
}
