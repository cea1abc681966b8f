package dev.carousel.formats.data;

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

/**
 * The list of entries at a zip file's end. Every number in it is checked against the file and against what stands before
 * the entry itself, so that no two readers of the file can take it for different things.
 *
 * @param what the file, for messages
 */
record ZipDirectory(MemorySegment file, String what) {
  private static final int END = 0x06054b50;
  private static final int END_64 = 0x06064b50;
  private static final int LOCATOR_64 = 0x07064b50;
  private static final int ENTRY = 0x02014b50;
  private static final int LOCAL = 0x04034b50;
  private static final int END_BYTES = 22;
  private static final int ENTRY_BYTES = 46;
  private static final int LOCAL_BYTES = 30;
  private static final long ESCAPE = 0xffffffffL; // the number is in the extra field, which takes 64 bits
  private static final int ENCRYPTED = 1 | 1 << 6 | 1 << 13;
  private static final int SIZES_BEHIND = 1 << 3; // the entry was written as a stream, and its sizes stand behind it

  /**
   * An entry.
   *
   * @param header where what stands before it begins
   * @param start where its bytes begin, of which there are {@code packed}, and {@code size} when inflated
   */
  record Entry(String name, boolean deflated, long crc, long packed, long size, long header, long start) {
    long end() {
      return start + packed;
    }
  }

  /** Where the list stands. */
  private record Place(long offset, long bytes, long entries) {}

  /** The entries by name, folders left out. */
  Map<String, Entry> entries() throws FormatException {
    Place place = place();
    FormatException.check(place.entries >= 0 && place.entries <= place.bytes / ENTRY_BYTES,
        "%s is to list %d entries in %d bytes. The zip file is damaged.", what, place.entries, place.bytes);
    MemorySegment list = MappedFile.part(file, place.offset, place.bytes, "The list of entries of " + what);
    Map<String, Entry> entries = new LinkedHashMap<>();
    long at = 0;
    for (long i = 0; i < place.entries; i++) {
      MemorySegment header = signed(list, at, ENTRY_BYTES, ENTRY, "Entry " + i);
      long names = LittleEndian.unsignedShort(header, 28);
      long extras = LittleEndian.unsignedShort(header, 30);
      long all = ENTRY_BYTES + names + extras + LittleEndian.unsignedShort(header, 32);
      MemorySegment whole = MappedFile.part(list, at, all, "Entry " + i + " of " + what);
      Entry entry = entry(header, name(whole.asSlice(ENTRY_BYTES, names)),
          whole.asSlice(ENTRY_BYTES + names, extras));
      FormatException.check(entries.put(entry.name, entry) == null, "%s has two entries called %s.", what, entry.name);
      at += all;
    }
    FormatException.check(at == place.bytes, "%s lists its entries in %d bytes, and %d are announced. The zip file is"
        + " damaged.", what, at, place.bytes);
    checkApart(entries.values().stream().toList(), place.offset);
    entries.keySet().removeIf(name -> name.endsWith("/"));
    return entries;
  }

  private Place place() throws FormatException {
    long end = end();
    MemorySegment record = file.asSlice(end, END_BYTES);
    FormatException.check(LittleEndian.unsignedInt(record, 4) == 0, "%s is a part of a zip file cut in many. Join them"
        + " first.", what);
    Place place = new Place(LittleEndian.unsignedInt(record, 16), LittleEndian.unsignedInt(record, 12),
        LittleEndian.unsignedShort(record, 10));
    long locator = end - 20;
    if (locator < 0 || LittleEndian.unsignedInt(file, locator) != LOCATOR_64) {
      return checked(place, end);
    }
    long start = LittleEndian.signedLong(file, locator + 8);
    MemorySegment large = signed(file, start, 56, END_64, "The 64-bit end");
    FormatException.check(LittleEndian.signedLong(large, 4) == locator - start - 12,
        "%s has a 64-bit end of another size than it says. The zip file is damaged.", what);
    return checked(new Place(LittleEndian.signedLong(large, 48), LittleEndian.signedLong(large, 40),
        LittleEndian.signedLong(large, 32)), start);
  }

  private Place checked(Place place, long limit) throws FormatException {
    FormatException.check(place.bytes >= 0 && place.bytes <= limit && place.offset == limit - place.bytes,
        "%s is to list its entries in %d bytes from byte %d on, which does not reach to byte %d, where the list ends."
            + " The zip file is damaged, or something stands before it.",
        what, place.bytes, place.offset, limit);
    return place;
  }

  /** The last place where an end stands whose comment reaches to the end of the file. */
  private long end() throws FormatException {
    long last = file.byteSize() - END_BYTES;
    for (long at = last; at >= 0 && at >= last - 0xffff; at--) {
      if (LittleEndian.unsignedInt(file, at) == END && LittleEndian.unsignedShort(file, at + 20) == last - at) {
        return at;
      }
    }
    throw FormatException.of("%s has no end of a zip file. It is damaged or incomplete.", what);
  }

  private Entry entry(MemorySegment header, String name, MemorySegment extra) throws FormatException {
    int flags = LittleEndian.unsignedShort(header, 8);
    int method = LittleEndian.unsignedShort(header, 10);
    FormatException.check((flags & ENCRYPTED) == 0, "Entry %s of %s is encrypted. Write the file without a password.",
        name, what);
    FormatException.check(method == 0 || method == 8, "Entry %s of %s is packed by method %d. Stored and deflated"
        + " entries are read: write the file so.", name, what, method);
    Sizes sizes = sizes(header, 20, extra, name);
    long offset = LittleEndian.unsignedInt(header, 42);
    offset = offset == ESCAPE ? escaped(extra, sizes.escapes, name) : offset;
    FormatException.check(sizes.size >= 0 && sizes.packed >= 0 && (method == 8 || sizes.size == sizes.packed),
        "Entry %s of %s is to have %d bytes in %d. The zip file is damaged.", name, what, sizes.size, sizes.packed);
    return located(new Entry(name, method == 8, LittleEndian.unsignedInt(header, 16), sizes.packed, sizes.size, offset,
        0), method);
  }

  /** The entry with its place, which follows the header before it; that header must say the same as the list. */
  private Entry located(Entry entry, int method) throws FormatException {
    MemorySegment header = signed(file, entry.header, LOCAL_BYTES, LOCAL, "Entry " + entry.name);
    long names = LittleEndian.unsignedShort(header, 26);
    long extras = LittleEndian.unsignedShort(header, 28);
    long start = entry.header + LOCAL_BYTES + names + extras;
    MemorySegment behind = MappedFile.part(file, entry.header + LOCAL_BYTES, names + extras,
        "The header of entry " + entry.name + " of " + what);
    boolean same = name(behind.asSlice(0, names)).equals(entry.name)
        && LittleEndian.unsignedShort(header, 8) == method;
    if ((LittleEndian.unsignedShort(header, 6) & SIZES_BEHIND) == 0) {
      Sizes sizes = sizes(header, 18, behind.asSlice(names), entry.name);
      same &= sizes.size == entry.size && sizes.packed == entry.packed
          && LittleEndian.unsignedInt(header, 14) == entry.crc;
    }
    FormatException.check(same, "Entry %s of %s is not what the list of entries says of it. The zip file is damaged.",
        entry.name, what);
    MappedFile.part(file, start, entry.packed, "Entry " + entry.name + " of " + what);
    return new Entry(entry.name, entry.deflated, entry.crc, entry.packed, entry.size, entry.header, start);
  }

  /** What is known of an entry's size, and how many of the 64-bit numbers of the extra field that took. */
  private record Sizes(long packed, long size, int escapes) {}

  private Sizes sizes(MemorySegment header, long at, MemorySegment extra, String name) throws FormatException {
    long packed = LittleEndian.unsignedInt(header, at);
    long size = LittleEndian.unsignedInt(header, at + 4);
    int escapes = 0;
    size = size == ESCAPE ? escaped(extra, escapes++, name) : size;
    packed = packed == ESCAPE ? escaped(extra, escapes++, name) : packed;
    return new Sizes(packed, size, escapes);
  }

  /** One of the 64-bit numbers of an extra field. */
  private long escaped(MemorySegment extra, int index, String name) throws FormatException {
    for (long at = 0; at + 4 <= extra.byteSize();) {
      long bytes = LittleEndian.unsignedShort(extra, at + 2);
      if (LittleEndian.unsignedShort(extra, at) == 1 && 8L * (index + 1) <= bytes
          && at + 4 + bytes <= extra.byteSize()) {
        return LittleEndian.signedLong(extra, at + 4 + 8L * index);
      }
      at += 4 + bytes;
    }
    throw FormatException.of("Entry %s of %s needs 64-bit sizes, and they are not there. The zip file is damaged.",
        name,
        what);
  }

  private void checkApart(List<Entry> entries, long limit) throws FormatException {
    List<Entry> sorted = new ArrayList<>(entries);
    sorted.sort(Comparator.comparingLong(Entry::header));
    for (int i = 0; i < sorted.size(); i++) {
      Entry entry = sorted.get(i);
      boolean last = i == sorted.size() - 1;
      FormatException.check(entry.end() <= (last ? limit : sorted.get(i + 1).header),
          "Entry %s of %s overlaps %s. The zip file is damaged, or made to inflate without end.", entry.name, what,
          last ? "the list of entries" : sorted.get(i + 1).name);
    }
  }

  private MemorySegment signed(MemorySegment within, long at, long bytes, int signature, String name)
      throws FormatException {
    MemorySegment part = MappedFile.part(within, at, bytes, name + " of " + what);
    FormatException.check(LittleEndian.unsignedInt(part, 0) == signature,
        "%s of %s is not at byte %d, where it is to be. The zip file is damaged.", name, what, at);
    return part;
  }

  private String name(MemorySegment bytes) throws FormatException {
    try {
      String name = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes.toArray(ValueLayout.JAVA_BYTE)))
          .toString();
      FormatException.check(!name.isEmpty() && name.chars().noneMatch(Character::isISOControl),
          "%s has an entry without a name that can be read.", what);
      return name;
    } catch (CharacterCodingException wrong) {
      throw new FormatException(what + " has an entry whose name is not UTF-8.", wrong);
    }
  }
}
