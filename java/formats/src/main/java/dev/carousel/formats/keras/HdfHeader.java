package dev.carousel.formats.keras;

import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.data.LittleEndian;
import dev.carousel.formats.data.MappedFile;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The header of an object in an HDF5 file: blocks of messages, each of which may say where the next block is. Of the
 * messages only those are looked at that lead elsewhere.
 */
final class HdfHeader {
  private static final int LINK_INFO = 0x02;
  private static final int LINK = 0x06;
  private static final int ATTRIBUTE = 0x0c;
  private static final int CONTINUATION = 0x10;
  private static final int GROUP = 0x11;
  private static final int ATTRIBUTE_INFO = 0x15;
  private static final long NOWHERE = -1;

  private final MemorySegment file;
  private final Claims claims;
  private final HdfStructure structure;
  private final Deque<Block> blocks = new ArrayDeque<>();

  private record Block(long from, long to) {}

  HdfHeader(MemorySegment file, Claims claims, HdfStructure structure) {
    this.file = file;
    this.claims = claims;
    this.structure = structure;
  }

  /** Walks the header at an address. */
  void walk(long address) throws FormatException {
    MappedFile.part(file, address, 16, "The header of an object");
    boolean old = file.get(ValueLayout.JAVA_BYTE, address) == 1;
    int order = old ? old(address) : recent(address);
    while (!blocks.isEmpty()) {
      Block block = blocks.pop();
      if (old) {
        oldMessages(block);
      } else {
        messages(block, order);
      }
    }
  }

  private int old(long address) throws FormatException {
    long bytes = LittleEndian.unsignedInt(file, address + 8);
    claims.claim(address, 16 + bytes, "The header of an object");
    blocks.push(new Block(address + 16, address + 16 + bytes));
    return 0;
  }

  /** Returns how many bytes a message has for the order in which it was made. */
  private int recent(long address) throws FormatException {
    FormatException.check(LittleEndian.unsignedInt(file, address) == 0x5244484fL, // OHDR
        "The HDF5 file has no header of an object at byte %d. It is damaged.", address);
    int flags = file.get(ValueLayout.JAVA_BYTE, address + 5);
    int sizeBytes = 1 << (flags & 3);
    long at = address + 6 + ((flags & 0x20) != 0 ? 16 : 0) + ((flags & 0x10) != 0 ? 4 : 0);
    MappedFile.part(file, at, sizeBytes, "The header of an object");
    long bytes = switch (sizeBytes) {
      case 1 -> Byte.toUnsignedInt(file.get(ValueLayout.JAVA_BYTE, at));
      case 2 -> LittleEndian.unsignedShort(file, at);
      case 4 -> LittleEndian.unsignedInt(file, at);
      default -> LittleEndian.signedLong(file, at);
    };
    long from = at + sizeBytes;
    FormatException.check(bytes >= 0 && bytes <= file.byteSize(),
        "The header of an object at byte %d of the HDF5 file is to have %d bytes. The file is damaged.", address,
        bytes);
    claims.claim(address, from + bytes + 4 - address, "The header of an object");
    blocks.push(new Block(from, from + bytes));
    return (flags & 4) != 0 ? 2 : 0;
  }

  private void oldMessages(Block block) throws FormatException {
    long at = block.from();
    while (block.to() - at >= 8) {
      int bytes = LittleEndian.unsignedShort(file, at + 2);
      FormatException.check(bytes % 8 == 0 && bytes <= block.to() - at - 8,
          "A message at byte %d of the HDF5 file is to have %d bytes. The file is damaged.", at, bytes);
      message(LittleEndian.unsignedShort(file, at), file.asSlice(at + 8, bytes), 0);
      at += 8 + bytes;
    }
  }

  private void messages(Block block, int order) throws FormatException {
    long at = block.from();
    while (block.to() - at >= 8) { // what is left is a gap and a checksum
      long from = at + 4 + order;
      int bytes = LittleEndian.unsignedShort(file, at + 1);
      FormatException.check(bytes <= block.to() - from,
          "A message at byte %d of the HDF5 file is to have %d bytes. The file is damaged.", at, bytes);
      message(Byte.toUnsignedInt(file.get(ValueLayout.JAVA_BYTE, at)), file.asSlice(from, bytes), 4);
      at = from + bytes;
    }
  }

  /** Goes where a message leads; a block that it continues in has so many bytes of signature first. */
  private void message(int type, MemorySegment message, int signature) throws FormatException {
    switch (type) {
      case CONTINUATION -> {
        MappedFile.part(message, 0, 16, "A message");
        long from = LittleEndian.signedLong(message, 0);
        long bytes = LittleEndian.signedLong(message, 8);
        claims.claim(from, bytes, "The continuation of a header");
        blocks.push(new Block(from + signature, from + bytes));
      }
      case GROUP -> {
        MappedFile.part(message, 0, 16, "A message");
        structure.group(LittleEndian.signedLong(message, 0), LittleEndian.signedLong(message, 8));
      }
      case LINK -> link(message);
      case LINK_INFO -> inPlace(message, 8, "A group");
      case ATTRIBUTE_INFO -> inPlace(message, 2, "The attributes of an object");
      case ATTRIBUTE -> {
        MappedFile.part(message, 0, 2, "An attribute");
        FormatException.check(message.get(ValueLayout.JAVA_BYTE, 0) == 1 || message.get(ValueLayout.JAVA_BYTE, 1) == 0,
            "An attribute in the HDF5 file has a type that stands elsewhere, which is not read. Save the model again"
                + " with Keras.");
      }
      default -> {
        // leads nowhere
      }
    }
  }

  /** Members or attributes that are not in a fractal heap; the first flag says whether a greatest index comes first. */
  private static void inPlace(MemorySegment message, int indexBytes, String what) throws FormatException {
    MappedFile.part(message, 0, 2, "A message");
    int at = 2 + ((message.get(ValueLayout.JAVA_BYTE, 1) & 1) != 0 ? indexBytes : 0);
    MappedFile.part(message, at, 16, "A message");
    FormatException.check(
        LittleEndian.signedLong(message, at) == NOWHERE && LittleEndian.signedLong(message, at + 8) == NOWHERE,
        "%s in the HDF5 file is kept in a fractal heap, which is not read. Save the model again with h5py's defaults,"
            + " without track_order and libver.",
        what);
  }

  private void link(MemorySegment message) throws FormatException {
    MappedFile.part(message, 0, 2, "A link");
    int flags = message.get(ValueLayout.JAVA_BYTE, 1);
    int at = 2;
    boolean hard = true;
    if ((flags & 8) != 0) {
      hard = MappedFile.part(message, at, 1, "A link").get(ValueLayout.JAVA_BYTE, 0) == 0;
      at++;
    }
    at += ((flags & 4) != 0 ? 8 : 0) + ((flags & 16) != 0 ? 1 : 0);
    int sizeBytes = 1 << (flags & 3);
    MemorySegment size = MappedFile.part(message, at, sizeBytes, "A link");
    long name = switch (sizeBytes) {
      case 1 -> Byte.toUnsignedInt(size.get(ValueLayout.JAVA_BYTE, 0));
      case 2 -> LittleEndian.unsignedShort(size, 0);
      default -> LittleEndian.unsignedInt(size, 0);
    };
    if (hard) {
      MemorySegment address = MappedFile.part(message, at + sizeBytes + name, 8, "A link");
      structure.object(LittleEndian.signedLong(address, 0));
    }
  }
}
