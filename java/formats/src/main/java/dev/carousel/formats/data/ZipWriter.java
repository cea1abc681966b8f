package dev.carousel.formats.data;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Writes a zip file of stored entries, with 64-bit sizes where they are needed and only there. */
public final class ZipWriter {
  private static final long ESCAPE = 0xffffffffL;
  private static final int UTF_8 = 1 << 11;
  private static final int NEW_YEAR_1980 = 1 << 21 | 1 << 16; // as zip files say it; no file depends on the clock

  private final NewFile file;
  private final List<Entry> entries = new ArrayList<>();
  private final Set<String> names = new HashSet<>();

  /** An entry that has been written. */
  private record Entry(String name, long crc, long size, long offset) {}

  /** Writes to a file that whoever gives it completes, after {@link #finish}. */
  public ZipWriter(NewFile file) {
    this.file = file;
  }

  /** Adds an entry whose content is these pieces, one behind the other. */
  public void add(String name, MemorySegment... pieces) throws IOException {
    int length = bytes(name).length;
    FormatException.check(length > 0 && length <= 0xffff && names.add(name),
        "An entry of a zip file is to be called \"%s\", which is empty, too long or there already.", name);
    long size = 0;
    for (MemorySegment piece : pieces) {
      size += piece.byteSize();
    }
    Entry entry = new Entry(name, Checksums.crc32(pieces), size, file.position());
    entries.add(entry);
    file.write(header(entry));
    for (MemorySegment piece : pieces) {
      file.write(piece);
    }
  }

  private static ByteBuffer header(Entry entry) {
    boolean large = entry.size >= ESCAPE;
    byte[] name = bytes(entry.name);
    ByteBuffer header = buffer(30 + name.length + (large ? 20 : 0));
    header.putInt(0x04034b50);
    common(header, entry, name.length);
    header.putShort((short) (large ? 20 : 0));
    header.put(name);
    if (large) {
      header.putShort((short) 1).putShort((short) 16).putLong(entry.size).putLong(entry.size);
    }
    return header.flip();
  }

  /** What an entry's header and its place in the list both say. */
  private static void common(ByteBuffer header, Entry entry, int nameLength) {
    boolean large = entry.size >= ESCAPE;
    int size = (int) (large ? ESCAPE : entry.size);
    header.putShort((short) (large ? 45 : 20)).putShort((short) UTF_8).putShort((short) 0).putInt(NEW_YEAR_1980);
    header.putInt((int) entry.crc).putInt(size).putInt(size).putShort((short) nameLength);
  }

  /** Adds the list of entries. */
  public void finish() throws IOException {
    long start = file.position();
    for (Entry entry : entries) {
      file.write(listed(entry));
    }
    long bytes = file.position() - start;
    ByteBuffer end = buffer(56 + 20 + 22);
    boolean large = start + bytes >= ESCAPE || entries.size() >= 0xffff;
    if (large) {
      end.putInt(0x06064b50).putLong(44).putShort((short) 45).putShort((short) 45).putInt(0).putInt(0);
      end.putLong(entries.size()).putLong(entries.size()).putLong(bytes).putLong(start);
      end.putInt(0x07064b50).putInt(0).putLong(file.position()).putInt(1);
    }
    int count = large ? 0xffff : entries.size();
    end.putInt(0x06054b50).putInt(0).putShort((short) count).putShort((short) count);
    end.putInt((int) (large ? ESCAPE : bytes)).putInt((int) (large ? ESCAPE : start)).putShort((short) 0);
    file.write(end.flip());
  }

  private static ByteBuffer listed(Entry entry) {
    boolean large = entry.size >= ESCAPE;
    boolean far = entry.offset >= ESCAPE;
    int extra = (large ? 16 : 0) + (far ? 8 : 0);
    byte[] name = bytes(entry.name);
    ByteBuffer header = buffer(46 + name.length + (extra > 0 ? 4 + extra : 0));
    header.putInt(0x02014b50).putShort((short) (large || far ? 45 : 20));
    common(header, entry, name.length);
    header.putShort((short) (extra > 0 ? 4 + extra : 0)).putShort((short) 0).putShort((short) 0).putShort((short) 0);
    header.putInt(0).putInt((int) (far ? ESCAPE : entry.offset)).put(name);
    if (extra > 0) {
      header.putShort((short) 1).putShort((short) extra);
    }
    if (large) {
      header.putLong(entry.size).putLong(entry.size);
    }
    if (far) {
      header.putLong(entry.offset);
    }
    return header.flip();
  }

  private static byte[] bytes(String name) {
    return name.getBytes(StandardCharsets.UTF_8);
  }

  private static ByteBuffer buffer(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
