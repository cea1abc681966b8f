package dev.carousel.formats.data;

import dev.carousel.spi.runtime.HostMemory;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;

/**
 * A zip file in memory. Stored entries are parts of that memory, deflated ones are inflated off the heap when they
 * are asked for; nothing is written to a disk. Entries that overlap, that are encrypted or that have one name are
 * refused, and so is a file that would inflate to more than 64 MiB and more than 100 times its size.
 */
public final class ZipArchive {
  private static final long HARMLESS = 64L << 20;
  private static final long LARGEST_RATIO = 100;
  private static final long DEFLATE_LIMIT = 1032; // a deflated byte stands for no more: two bits for 258 bytes

  private final MemorySegment file;
  private final String what;
  private final Map<String, ZipDirectory.Entry> entries;

  private ZipArchive(MemorySegment file, String what) throws FormatException {
    this.file = file;
    this.what = what;
    entries = new ZipDirectory(file, what).entries();
    long inflated = 0;
    for (ZipDirectory.Entry entry : entries.values()) {
      FormatException.check(!entry.name().endsWith(".pkl"), "%s holds %s, a pickle of PyTorch, which is a program and"
          + " not data: it is never run. Save the weights with safetensors.torch.save_file or the model with"
          + " torch.onnx.export.", what, entry.name());
      FormatException.check(!entry.deflated() || entry.size() / DEFLATE_LIMIT <= entry.packed(),
          "Entry %s of %s cannot inflate from %d bytes to %d. The zip file is damaged.", entry.name(), what,
          entry.packed(), entry.size());
      inflated += entry.deflated() ? entry.size() : 0; // no overflow: they are at most 1032 times the file
    }
    FormatException.check(inflated <= Math.max(HARMLESS, LARGEST_RATIO * file.byteSize()),
        "%s would inflate from %d bytes to %d, more than %d times as many. Store its entries without packing them.",
        what,
        file.byteSize(), inflated, LARGEST_RATIO);
  }

  /** Whether a file begins as zip files do. */
  public static boolean looksLike(MemorySegment file) {
    return file.byteSize() >= 4 && (LittleEndian.unsignedInt(file, 0) == 0x04034b50 || LittleEndian.unsignedInt(file,
        0) == 0x06054b50);
  }

  /** The archive in the memory of a file, whose list of entries is checked; messages call it so. */
  public static ZipArchive of(MemorySegment file, String what) throws FormatException {
    return new ZipArchive(file, what);
  }

  /** The names of its entries in the order of its list, folders left out. */
  public List<String> names() {
    return List.copyOf(entries.keySet());
  }

  /** The bytes of an entry, after their checksum has been found right. They stand at any address. */
  public MemorySegment entry(String name) throws IOException {
    ZipDirectory.Entry entry = entries.get(name);
    if (entry == null) {
      throw FormatException.of("%s has no entry %s; it has %s.", what, name, Names.some(entries.keySet()));
    }
    MemorySegment packed = file.asSlice(entry.start(), entry.packed());
    MemorySegment bytes = entry.deflated() ? inflated(entry, packed) : packed;
    FormatException.check(Checksums.crc32(bytes) == entry.crc(),
        "Entry %s of %s does not have the checksum that its header says. The file is damaged.", name, what);
    return bytes.asReadOnly();
  }

  private MemorySegment inflated(ZipDirectory.Entry entry, MemorySegment packed) throws IOException {
    MemorySegment bytes = allocate(entry);
    Inflation.inflate(packed, bytes, "Entry " + entry.name() + " of " + what);
    return bytes;
  }

  private MemorySegment allocate(ZipDirectory.Entry entry) throws FormatException {
    try {
      return HostMemory.allocate(Arena.ofAuto(), (double) entry.size(), "Entry " + entry.name() + " of " + what);
    } catch (IllegalArgumentException | OutOfMemoryError tooLarge) {
      throw new FormatException("Entry " + entry.name() + " of " + what + " inflates to " + entry.size()
          + " bytes, more than there is memory for. Store it without packing it, or raise -XX:MaxDirectMemorySize.",
          tooLarge);
    }
  }
}
