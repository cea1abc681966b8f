package dev.carousel.formats.safetensors;

import dev.carousel.formats.damage.JsonDamage;
import dev.carousel.formats.json.Json;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;

/** Damage to what the header of a safetensors file says, after which its length is right, and Carousel's checksum. */
final class HeaderDamage {
  private static final int LENGTH = 8; // bytes of the header's length

  private HeaderDamage() {}

  /** Damages the header, mostly what Carousel says in it of itself; what has no header of JSON comes back as it is. */
  static byte[] apply(byte[] file, SplittableRandom random) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    int end = LENGTH + Math.toIntExact(buffer.getLong(0));
    Json header = Json.parse(new String(file, LENGTH, end - LENGTH, StandardCharsets.UTF_8));
    byte[] data = Arrays.copyOfRange(file, end, file.length);
    if (!said(header) || random.nextInt(4) == 0) {
      header = JsonDamage.apply(header, random);
    } else {
      Json own = Json.parse(header.get(SafetensorsHeader.METADATA).get(CarouselFile.KEY).text());
      header = with(header, JsonDamage.apply(own, random));
    }
    return summed(header, data);
  }

  private static boolean said(Json header) {
    return header instanceof Json.Members(Map<String, Json> members)
        && members.get(SafetensorsHeader.METADATA) instanceof Json.Members(Map<String, Json> metadata)
        && metadata.get(CarouselFile.KEY) instanceof Json.Text(String text) && text.startsWith("{");
  }

  private static Json with(Json header, Json own) throws IOException {
    Map<String, Json> members = new LinkedHashMap<>(header.members());
    members.put(SafetensorsHeader.METADATA, Json.object(CarouselFile.KEY, own.compact()));
    return new Json.Members(members);
  }

  /** With the checksum made right, where there still is a place for one. */
  private static byte[] summed(Json header, byte[] data) {
    byte[] file = bytes(header, data);
    try {
      Json own = Json.parse(header.get(SafetensorsHeader.METADATA).get(CarouselFile.KEY).text());
      Map<String, Json> members = new LinkedHashMap<>(own.members());
      members.put(CarouselFile.CHECKSUM, new Json.Text(CarouselFile.checksum(Safetensors.parse(
          MemorySegment.ofArray(file), "a damaged file"), own)));
      return bytes(with(header, new Json.Members(members)), data);
    } catch (IOException _) {
      return file;
    }
  }

  private static byte[] bytes(Json header, byte[] data) {
    byte[] text = header.compact().getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(LENGTH + text.length + data.length).order(ByteOrder.LITTLE_ENDIAN).putLong(text.length)
        .put(text).put(data).array();
  }
}
