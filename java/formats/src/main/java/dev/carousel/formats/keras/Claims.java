package dev.carousel.formats.keras;

import dev.carousel.formats.data.FormatException;
import java.util.Map;
import java.util.TreeMap;

/**
 * The parts of a file in which something stands, and how much of it has been read. Each byte is claimed once: a structure that leads back to itself, or
 * that many others share, is refused, so that whatever follows the structures does no more work than there are bytes.
 */
final class Claims {
  private static final int READINGS = 4; // names and shapes may be looked at before they are used

  private final long size;
  private long read;
  private final TreeMap<Long, Long> ends = new TreeMap<>(); // from the start of a part to the byte behind it

  Claims(long size) {
    this.size = size;
  }

  /** Takes a part for something; it must lie within the file and be free. */
  void claim(long start, long bytes, String what) throws FormatException {
    FormatException.check(start >= 0 && bytes >= 0 && start <= size - bytes,
        "%s is to be %d bytes from byte %d on, and the HDF5 file has %d. It is damaged or incomplete.", what, bytes,
        start, size);
    Map.Entry<Long, Long> before = ends.lowerEntry(start + bytes);
    FormatException.check(bytes == 0 || before == null || before.getValue() <= start,
        "%s at byte %d of the HDF5 file overlaps something else. The file is damaged, or has links, which are not"
            + " followed.",
        what, start);
    if (bytes > 0) {
      ends.put(start, start + bytes);
    }
  }

  /** Counts what is read: names that lead to one place again and again would be more than any file. */
  void read(long bytes) throws FormatException {
    read += bytes;
    FormatException.check(read <= READINGS * size,
        "More than %d times the HDF5 file's %d bytes are to be read of it, since it has many names for one thing.",
        READINGS, size);
  }
}
