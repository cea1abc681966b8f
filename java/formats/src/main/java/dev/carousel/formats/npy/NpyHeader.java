package dev.carousel.formats.npy;

import dev.carousel.formats.data.Element;
import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.data.LittleEndian;
import dev.carousel.formats.data.MappedFile;
import dev.carousel.formats.data.NdArray;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What stands before the numbers in a .npy file.
 *
 * @param start where the numbers begin
 */
record NpyHeader(Element element, boolean fortran, List<Long> shape, long start) {
  private static final long MAGIC = 0x59504d554e93L; // \x93NUMPY
  private static final int ALIGNMENT = 64;
  private static final int MOST_DIMENSIONS = 64; // numpy's own bound
  private static final int MOST_DIGITS = 21; // of a dimension, as numpy counts
  private static final int LONGEST = 1 << 16; // numpy itself warns of more than 10,000 bytes

  static NpyHeader read(MemorySegment file, String what) throws FormatException {
    MemorySegment begin = MappedFile.part(file, 0, 10, "The header of " + what);
    FormatException.check((LittleEndian.signedLong(file.asSlice(0, 8), 0) & 0xffffffffffffL) == MAGIC,
        "%s does not begin as .npy files do. Was it written by numpy.save?", what);
    int major = begin.get(ValueLayout.JAVA_BYTE, 6);
    int minor = begin.get(ValueLayout.JAVA_BYTE, 7);
    FormatException.check(major >= 1 && major <= 3 && minor == 0,
        "%s is of version %d.%d of the .npy format, and versions 1.0, 2.0 and 3.0 are read.", what, major, minor);
    int fixed = major == 1 ? 10 : 12;
    MappedFile.part(file, 0, fixed, "The header of " + what);
    long length = major == 1 ? LittleEndian.unsignedShort(file, 8) : LittleEndian.unsignedInt(file, 8);
    FormatException.check(length <= LONGEST, "%s is to have a header of %d bytes, and %d are read at most.", what,
        length, LONGEST);
    MemorySegment text = MappedFile.part(file, fixed, length, "The header of " + what);
    String literal = new String(text.toArray(ValueLayout.JAVA_BYTE),
        major == 3 ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1);
    PythonDict dict = PythonDict.read(literal, what);
    FormatException.check(dict.shape().size() <= MOST_DIMENSIONS, "%s has %d dimensions, and numpy knows no more than"
        + " %d.", what, dict.shape().size(), MOST_DIMENSIONS);
    return new NpyHeader(Descr.element(dict.descr(), what), dict.fortran(), dict.shape(), fixed + length);
  }

  /**
   * The header of an array in C's order, so long that the numbers behind it are aligned: byte for byte what numpy 1.24
   * writes, which leaves room for the first dimension to grow.
   */
  static byte[] bytes(Element element, List<Long> shape) throws FormatException {
    FormatException.check(shape.size() <= MOST_DIMENSIONS && NdArray.count(shape) >= 0,
        "An array of the shape %s is to be written, and numpy has none such.", shape);
    String sizes = shape.stream().map(String::valueOf).collect(Collectors.joining(", "));
    String dict = "{'descr': '" + Descr.of(element) + "', 'fortran_order': False, 'shape': (" + sizes
        + (shape.size() == 1 ? ",), }" : "), }");
    int growth = shape.isEmpty() ? 0 : MOST_DIGITS - shape.getFirst().toString().length();
    int length = ((10 + dict.length() + growth + 1) / ALIGNMENT + 1) * ALIGNMENT;
    ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN).putLong(MAGIC | 1L << 48);
    bytes.putShort((short) (length - 10)).put(dict.getBytes(StandardCharsets.ISO_8859_1));
    while (bytes.remaining() > 1) {
      bytes.put((byte) ' ');
    }
    return bytes.put((byte) '\n').array();
  }
}
