package dev.carousel.formats.onnx.proto;

import dev.carousel.formats.data.FormatException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A walk over the fields of a message of protocol buffers where it lies in memory. Each length is held against the end
 * of the message, so that a part of a file is never outside of it.
 */
public final class Wire {
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final int NUMBER = 0;
  private static final int EIGHT_BYTES = 1;
  private static final int BYTES = 2;
  private static final int FOUR_BYTES = 5;

  private final MemorySegment message;
  private final String what;
  private long at;
  private int field;
  private int type;

  /** A walk that starts before the first field; {@code what} is what messages call it. */
  public Wire(MemorySegment message, String what) {
    this.message = message;
    this.what = what;
  }

  /** Goes to the next field, whose value is to be read or skipped; false at the end. */
  public boolean next() throws FormatException {
    if (!more()) {
      return false;
    }
    long tag = varint();
    field = (int) (tag >>> 3);
    type = (int) (tag & 7);
    check(tag >>> 32 == 0 && field > 0 && (type == NUMBER || type == EIGHT_BYTES || type == BYTES
        || type == FOUR_BYTES), "starts a field with " + tag + ", which ONNX does not have");
    return true;
  }

  /** The number of the field that the walk stands at. */
  public int field() {
    return field;
  }

  /** Whether the field's value is a row of bytes: text, a message, or numbers side by side. */
  public boolean bytesFollow() {
    return type == BYTES;
  }

  /** The value of a field that is an integer. */
  public long integer() throws FormatException {
    expect(NUMBER);
    return varint();
  }

  /** The value of a field that is a float. */
  public float real() throws FormatException {
    expect(FOUR_BYTES);
    return Float.intBitsToFloat(take(4).get(INT, 0));
  }

  /** The value of a field that is a row of bytes, where it lies. */
  public MemorySegment bytes() throws FormatException {
    expect(BYTES);
    return take(varint());
  }

  /** The value of a field that is text. */
  public String text() throws FormatException {
    MemorySegment bytes = bytes();
    check(bytes.byteSize() < Integer.MAX_VALUE - 64, "holds a text of " + bytes.byteSize() + " bytes");
    return bytes.byteSize() == 0 ? ""
        : new String(bytes.toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
  }

  /** Adds the value of a field that is an integer, or several side by side. */
  public void integers(List<Long> target) throws FormatException {
    if (type != BYTES) {
      target.add(integer());
      return;
    }
    Wire numbers = new Wire(bytes(), what);
    while (numbers.more()) {
      target.add(numbers.number());
    }
  }

  /** Adds the value of a field that is a float, or several side by side. */
  public void reals(List<Float> target) throws FormatException {
    if (type != BYTES) {
      target.add(real());
      return;
    }
    Wire numbers = new Wire(bytes(), what);
    while (numbers.more()) {
      target.add(Float.intBitsToFloat(numbers.take(4).get(INT, 0)));
    }
  }

  /** Passes over the value of a field of any type. */
  public void skip() throws FormatException {
    switch (type) {
      case NUMBER -> varint();
      case EIGHT_BYTES -> take(8);
      case FOUR_BYTES -> take(4);
      default -> take(varint());
    }
  }

  /** The memory of a value of a field of any type; of a number, its bytes as they stand. */
  public MemorySegment value() throws FormatException {
    if (type == BYTES) {
      return bytes();
    }
    long start = at;
    skip();
    return message.asSlice(start, at - start);
  }

  /** Whether anything stands behind what was read: for memory that is integers side by side rather than fields. */
  public boolean more() {
    return at < message.byteSize();
  }

  /** The next of integers side by side. */
  public long number() throws FormatException {
    return varint();
  }

  private long varint() throws FormatException {
    long value = 0;
    for (int shift = 0; shift < 70; shift += 7) {
      check(more(), "ends within a number");
      byte part = message.get(ValueLayout.JAVA_BYTE, at++);
      value |= (part & 0x7fL) << shift;
      if (part >= 0) {
        return value;
      }
    }
    throw FormatException.of("The %s holds a number of more than 10 bytes. The file is damaged.", what);
  }

  private MemorySegment take(long bytes) throws FormatException {
    check(bytes >= 0 && bytes <= message.byteSize() - at,
        "is to hold " + Long.toUnsignedString(bytes) + " bytes at byte " + at + ", and has " + message.byteSize());
    MemorySegment part = message.asSlice(at, bytes);
    at += bytes;
    return part;
  }

  private void expect(int expected) throws FormatException {
    check(type == expected, "holds a field " + field + " of wire type " + type + ", and " + expected
        + " was expected");
  }

  private void check(boolean holds, String fault) throws FormatException {
    if (!holds) {
      throw FormatException.of("The %s %s. The file is damaged or incomplete.", what, fault);
    }
  }
}
