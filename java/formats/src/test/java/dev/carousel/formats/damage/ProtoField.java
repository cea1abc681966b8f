package dev.carousel.formats.damage;

import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * A field of a message of protocol buffers, without a schema: bytes that can be read as a message, and are no text, are
 * one. It is itself and no other, even one that says the same.
 */
public final class ProtoField {
  private static final int DEEPEST = 8;
  private static final int LONGEST = 1 << 16; // weights are no messages

  private final int number;
  private final int type; // as on the wire: 0 for a number, 1 and 5 for one of 8 and of 4 bytes, 2 for bytes
  private final long value;
  private final byte[] bytes;
  private final List<ProtoField> fields; // of the message that it is; empty if it is none

  private ProtoField(int number, int type, long value, byte[] bytes, List<ProtoField> fields) {
    this.number = number;
    this.type = type;
    this.value = value;
    this.bytes = bytes;
    this.fields = fields;
  }

  /** What another field is made of. */
  @FunctionalInterface
  public interface Change {
    /** The other field. */
    ProtoField of(ProtoField field);
  }

  /** The number by which its message knows it. */
  public int number() {
    return number;
  }

  long value() {
    return value;
  }

  /** Its bytes, which are not written. */
  public byte[] bytes() {
    return bytes;
  }

  /** The fields of the message that it is, which may be changed; empty if it is none. */
  public List<ProtoField> fields() {
    return fields;
  }

  boolean isNumber() {
    return type != 2;
  }

  boolean isText() {
    return type == 2 && fields.isEmpty() && bytes.length < 200;
  }

  ProtoField number(int other) {
    return new ProtoField(other, type, value, bytes, fields);
  }

  ProtoField value(long other) {
    return new ProtoField(number, type, other, bytes, fields);
  }

  /** The same field with other bytes, whether or not it was a message. */
  public ProtoField bytes(byte[] other) {
    return new ProtoField(number, type, value, other, List.of());
  }

  ProtoField copy() {
    List<ProtoField> copies = new ArrayList<>();
    fields.forEach(field -> copies.add(field.copy()));
    return new ProtoField(number, type, value, bytes, fields.isEmpty() ? fields : copies);
  }

  /** The fields of a message; none where it is no message. */
  public static List<ProtoField> parse(ByteBuffer in, int depth) {
    List<ProtoField> fields = new ArrayList<>();
    in.order(ByteOrder.LITTLE_ENDIAN);
    try {
      while (in.hasRemaining()) {
        long tag = varint(in);
        int type = (int) (tag & 7);
        if (tag < 8 || tag > 8 * 100 || !(type < 3 || type == 5)) {
          return List.of();
        }
        long value = type == 1 ? in.getLong() : type == 5 ? in.getInt() : varint(in);
        byte[] bytes = new byte[type == 2 ? Math.toIntExact(Math.clamp(value, 0, in.remaining() + 1)) : 0];
        in.get(bytes);
        fields.add(new ProtoField((int) (tag >>> 3), type, value, bytes, inside(bytes, depth)));
      }
    } catch (BufferUnderflowException _) {
      return List.of();
    }
    return fields;
  }

  private static List<ProtoField> inside(byte[] bytes, int depth) {
    boolean text = true;
    for (byte character : bytes) {
      text &= character >= ' ';
    }
    return text || depth == DEEPEST || (depth > 1 && bytes.length > LONGEST) ? List.of()
        : parse(ByteBuffer.wrap(bytes), depth + 1);
  }

  private static long varint(ByteBuffer in) {
    long value = 0;
    for (int shift = 0;; shift += 7) {
      byte next = in.get();
      value |= (next & 0x7fL) << shift;
      if (next >= 0) {
        return value;
      }
    }
  }

  /** A message of fields. */
  public static byte[] bytes(List<ProtoField> fields) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (ProtoField field : fields) {
      varint(out, ((long) field.number << 3) | field.type);
      switch (field.type) {
        case 1 -> fixed(out, field.value, 8);
        case 5 -> fixed(out, field.value, 4);
        case 2 -> {
          byte[] content = field.fields.isEmpty() ? field.bytes : bytes(field.fields);
          varint(out, content.length);
          out.writeBytes(content);
        }
        default -> varint(out, field.value);
      }
    }
    return out.toByteArray();
  }

  private static void fixed(ByteArrayOutputStream out, long value, int bytes) {
    for (int i = 0; i < bytes; i++) {
      out.write((int) (value >>> (8 * i)));
    }
  }

  private static void varint(ByteArrayOutputStream out, long value) {
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      out.write((int) ((rest & 0x7f) | 0x80));
      rest >>>= 7;
    }
    out.write((int) rest);
  }
}
