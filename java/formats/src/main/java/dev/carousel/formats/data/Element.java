package dev.carousel.formats.data;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** What an element of an array is, little-endian as files have it. */
public enum Element {
  F32(4), F64(8), F16(2), BF16(2), I32(4), I64(8);

  private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfDouble DOUBLE = ValueLayout.JAVA_DOUBLE_UNALIGNED
      .withOrder(ByteOrder.LITTLE_ENDIAN);

  private final int bytes;

  Element(int bytes) {
    this.bytes = bytes;
  }

  /** The bytes of one. */
  public int bytes() {
    return bytes;
  }

  /** Whether it is an integer. */
  public boolean integer() {
    return this == I32 || this == I64;
  }

  /** The element at an index, as the nearest float. */
  public float getFloat(MemorySegment data, long index) {
    long at = index * bytes;
    return switch (this) {
      case F32 -> data.get(FLOAT, at);
      case F64 -> (float) data.get(DOUBLE, at);
      case F16 -> Float.float16ToFloat(data.get(SHORT, at));
      case BF16 -> Float.intBitsToFloat(data.get(SHORT, at) << 16);
      case I32 -> data.get(INT, at);
      case I64 -> data.get(LONG, at);
    };
  }

  /** The element at an index, as a double, which holds all but some of 64 bits as they are. */
  public double getDouble(MemorySegment data, long index) {
    return switch (this) {
      case F64 -> data.get(DOUBLE, index * bytes);
      case F32, F16, BF16 -> getFloat(data, index);
      case I32, I64 -> getLong(data, index);
    };
  }

  /** The element at an index, as an integer; that of a float without its fraction. */
  public long getLong(MemorySegment data, long index) {
    return switch (this) {
      case F32, F16, BF16 -> (long) getFloat(data, index);
      case F64 -> (long) data.get(DOUBLE, index * bytes);
      case I32 -> data.get(INT, index * bytes);
      case I64 -> data.get(LONG, index * bytes);
    };
  }

  /** Sets the element at an index to the nearest value that it can take. */
  public void setFloat(MemorySegment data, long index, float value) {
    long at = index * bytes;
    switch (this) {
      case F32 -> data.set(FLOAT, at, value);
      case F64 -> data.set(DOUBLE, at, value);
      case F16 -> data.set(SHORT, at, Float.floatToFloat16(value));
      case BF16 -> data.set(SHORT, at, bfloat(value));
      case I32 -> data.set(INT, at, (int) value);
      case I64 -> data.set(LONG, at, (long) value);
    }
  }

  /** Sets the element at an index, which is an integer, to one. */
  public void setLong(MemorySegment data, long index, long value) {
    switch (this) {
      case I32 -> data.set(INT, index * bytes, (int) value);
      case I64 -> data.set(LONG, index * bytes, value);
      case F32, F64, F16, BF16 -> setFloat(data, index, (float) value);
    }
  }

  /** The upper half of a float, rounded to the nearest, to the even one in the middle; NaN stays NaN. */
  private static short bfloat(float value) {
    int bits = Float.floatToRawIntBits(value);
    int rounded = bits + 0x7fff + ((bits >> 16) & 1);
    return (short) ((Float.isNaN(value) ? bits | (1 << 22) : rounded) >> 16);
  }
}
