package dev.carousel.formats.keras;

import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.data.LittleEndian;
import dev.carousel.formats.data.MappedFile;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The structure of an HDF5 file: its superblock, the headers of all its objects, the trees and heaps of its groups.
 *
 * <p>jhdf, which reads the objects, takes a file at its word: it follows cycles, and allocates what a size says. So the
 * file is walked first, and refused unless every structure lies within it and each has its bytes for itself. What Keras
 * does not write (links, shared messages, groups and attributes in fractal heaps) is refused too.
 */
final class HdfStructure {
  static final long SIGNATURE = 0x0a1a0a0d46444889L; // \211 H D F \r \n \032 \n
  private static final int LONGEST_NAME = 1024;
  private static final int SOFT_LINK = 2;

  private final MemorySegment file;
  private final Claims claims;
  private final Deque<Long> objects = new ArrayDeque<>();

  private record Node(long address, int level) {}

  private HdfStructure(MemorySegment file) {
    this.file = file;
    claims = new Claims(file.byteSize());
  }

  /** Walks a file from its superblock on; what was found is claimed, what arrays take is not yet. */
  static Claims check(MemorySegment file) throws FormatException {
    HdfStructure structure = new HdfStructure(file);
    structure.superblock();
    while (!structure.objects.isEmpty()) {
      new HdfHeader(structure.file, structure.claims, structure).walk(structure.objects.pop());
    }
    return structure.claims;
  }

  private void superblock() throws FormatException {
    MappedFile.part(file, 0, 16, "The superblock");
    int version = file.get(ValueLayout.JAVA_BYTE, 8);
    FormatException.check(version >= 0 && version <= 3, "The HDF5 file has a superblock of version %d; 0 to 3 are"
        + " read.", version);
    boolean old = version < 2;
    int sizes = old ? 13 : 9;
    FormatException.check(
        file.get(ValueLayout.JAVA_BYTE, sizes) == 8 && file.get(ValueLayout.JAVA_BYTE, sizes + 1) == 8,
        "The HDF5 file has offsets of %d and lengths of %d bytes; 8 are read.", file.get(ValueLayout.JAVA_BYTE, sizes),
        file.get(ValueLayout.JAVA_BYTE, sizes + 1));
    long root = switch (version) {
      case 0 -> 64;
      case 1 -> 68;
      default -> 36;
    };
    claims.claim(0, old ? root + 32 : root + 12, "The superblock");
    object(LittleEndian.signedLong(file, root));
  }

  /** Puts an object on the list of those to be walked. */
  void object(long address) {
    objects.push(address);
  }

  /** An old group: a heap with the names of its members, and a tree of tables of them. */
  void group(long tree, long heap) throws FormatException {
    MemorySegment names = names(heap);
    Deque<Node> nodes = new ArrayDeque<>();
    nodes.push(new Node(tree, -1));
    while (!nodes.isEmpty()) {
      Node node = nodes.pop();
      if (node.level() == 0) {
        table(node.address(), names);
      } else {
        branch(node, nodes);
      }
    }
  }

  private MemorySegment names(long heap) throws FormatException {
    claims.claim(heap, 32, "A heap of names");
    long address = LittleEndian.signedLong(file, heap + 24);
    long bytes = LittleEndian.signedLong(file, heap + 8);
    claims.claim(address, bytes, "A heap of names");
    return file.asSlice(address, bytes);
  }

  /** A node of a tree; a child is one level lower, and below level 0 there are tables. */
  private void branch(Node node, Deque<Node> nodes) throws FormatException {
    long at = node.address();
    claims.claim(at, 24, "A node of a tree");
    int level = Byte.toUnsignedInt(file.get(ValueLayout.JAVA_BYTE, at + 5));
    FormatException.check(node.level() < 0 || level == node.level() - 1,
        "A node of a tree at byte %d of the HDF5 file has the level %d, and the one above it %d. The file is damaged.",
        at, level, node.level() - 1);
    int entries = LittleEndian.unsignedShort(file, at + 6);
    claims.claim(at + 24, 8 + 16L * entries, "A node of a tree");
    for (int i = 0; i < entries; i++) {
      long child = LittleEndian.signedLong(file, at + 24 + 8 + 16L * i);
      nodes.push(new Node(child, level));
    }
  }

  private void table(long at, MemorySegment names) throws FormatException {
    claims.claim(at, 8, "A table of a group");
    int entries = LittleEndian.unsignedShort(file, at + 6);
    claims.claim(at + 8, 40L * entries, "A table of a group");
    for (int i = 0; i < entries; i++) {
      long entry = at + 8 + 40L * i;
      name(names, LittleEndian.signedLong(file, entry));
      if (LittleEndian.unsignedInt(file, entry + 16) != SOFT_LINK) {
        object(LittleEndian.signedLong(file, entry + 8));
      }
    }
  }

  /** Names may share bytes, so that many long ones would be more than the file. */
  private static void name(MemorySegment names, long from) throws FormatException {
    FormatException.check(from >= 0 && from < names.byteSize(),
        "A name is to stand at byte %d of a heap of %d. The HDF5 file is damaged.", from, names.byteSize());
    long at = from;
    while (at < names.byteSize() && names.get(ValueLayout.JAVA_BYTE, at) != 0) {
      at++;
      FormatException.check(at - from <= LONGEST_NAME, "A name in the HDF5 file has more than %d bytes.", LONGEST_NAME);
    }
  }
}
