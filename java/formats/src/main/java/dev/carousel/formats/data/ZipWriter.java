package dev.carousel.formats.data;

import java.io.ByteArrayOutputStream;
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
  private record Entry(byte[] name, long crc, long size, long offset) {}

  /** Writes to a file that whoever gives it completes, after {@link #finish}. */
  public ZipWriter(NewFile file) {
    this.file = file;
  }

  /** Adds an entry whose content is these pieces, one behind the other. */
  public void add(String name, MemorySegment... pieces) throws IOException {
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    FormatException.check(bytes.length > 0 && bytes.length <= 0xffff && names.add(name),
        "An entry of a zip file is to be called \"%s\", which is empty, too long or there already.", name);
    long size = 0;
    for (MemorySegment piece : pieces) {
      size += piece.byteSize();
    }
    Entry entry = new Entry(bytes, Checksums.crc32(pieces), size, file.position());
    entries.add(entry);
    file.write(header(entry));
    for (MemorySegment piece : pieces) {
      file.write(piece);
    }
  }

  private static byte[] header(Entry entry) {
    boolean large = entry.size >= ESCAPE;
    ByteBuffer header = buffer(30 + entry.name.length + (large ? 20 : 0));
    header.putInt(0x04034b50);
    common(header, entry, large);
    header.putShort((short) (large ? 20 : 0));
    header.put(entry.name);
    if (large) {
      header.putShort((short) 1).putShort((short) 16).putLong(entry.size).putLong(entry.size);
    }
    return header.array();
  }

  /** What an entry's header and its place in the list both say. */
  private static void common(ByteBuffer header, Entry entry, boolean large) {
    int size = (int) (large ? ESCAPE : entry.size);
    header.putShort((short) (large ? 45 : 20)).putShort((short) UTF_8).putShort((short) 0).putInt(NEW_YEAR_1980);
    header.putInt((int) entry.crc).putInt(size).putInt(size).putShort((short) entry.name.length);
  }

  /** Adds the list of entries. */
  public void finish() throws IOException {
    long start = file.position();
    ByteArrayOutputStream list = new ByteArrayOutputStream();
    for (Entry entry : entries) {
      list.writeBytes(listed(entry));
    }
    file.write(list.toByteArray());
    ByteBuffer end = buffer(56 + 20 + 22);
    boolean large = start + list.size() >= ESCAPE || entries.size() >= 0xffff;
    if (large) {
      end.putInt(0x06064b50).putLong(44).putShort((short) 45).putShort((short) 45).putInt(0).putInt(0);
      end.putLong(entries.size()).putLong(entries.size()).putLong(list.size()).putLong(start);
      end.putInt(0x07064b50).putInt(0).putLong(file.position()).putInt(1);
    }
    int count = large ? 0xffff : entries.size();
    end.putInt(0x06054b50).putInt(0).putShort((short) count).putShort((short) count);
    end.putInt((int) (large ? ESCAPE : list.size())).putInt((int) (large ? ESCAPE : start)).putShort((short) 0);
    file.write(MemorySegment.ofBuffer(end.flip()));
  }

  private static byte[] listed(Entry entry) {
    boolean large = entry.size >= ESCAPE;
    boolean far = entry.offset >= ESCAPE;
    int extra = (large ? 16 : 0) + (far ? 8 : 0);
    ByteBuffer header = buffer(46 + entry.name.length + (extra > 0 ? 4 + extra : 0));
    header.putInt(0x02014b50).putShort((short) (large || far ? 45 : 20));
    common(header, entry, large);
    header.putShort((short) (extra > 0 ? 4 + extra : 0)).putShort((short) 0).putShort((short) 0).putShort((short) 0);
    header.putInt(0).putInt((int) (far ? ESCAPE : entry.offset)).put(entry.name);
    if (extra > 0) {
      header.putShort((short) 1).putShort((short) extra);
    }
    if (large) {
      header.putLong(entry.size).putLong(entry.size);
    }
    if (far) {
      header.putLong(entry.offset);
    }
    return header.array();
  }

  private static ByteBuffer buffer(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
