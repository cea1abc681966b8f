package dev.carousel.formats.data;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;
import java.util.zip.Checksum;

/** Checksums of memory of any size and kind. */
public final class Checksums {
  private Checksums() {}

  /** The CRC-32 of zip files, of these pieces one behind the other. */
  public static long crc32(MemorySegment... pieces) throws IOException {
    return of(new CRC32(), pieces);
  }

  /** The CRC-32C, by Castagnoli's polynomial, of these pieces one behind the other. */
  public static long crc32c(MemorySegment... pieces) throws IOException {
    return of(new CRC32C(), pieces);
  }

  private static long of(Checksum checksum, MemorySegment... pieces) throws IOException {
    for (MemorySegment piece : pieces) {
      Chunks.each(piece, checksum::update);
    }
    return checksum.getValue();
  }
}
