package dev.carousel.formats.onnx.proto;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A message of protobuf on its way to a file. What is large stays where it is: the message is a list of parts, small ones
 * that were encoded here and the memory of others, so that its length is known before the first byte is written.
 */
public final class WireWriter {
  private static final int VARINT = 0;
  private static final int BYTES = 2;
  private static final int FIXED_32 = 5;
  private static final int STAGE = 1 << 20; // bytes that go to the channel at once

  private final List<MemorySegment> parts = new ArrayList<>();
  private final ByteArrayOutputStream tail = new ByteArrayOutputStream(); // what has been encoded behind the parts
  private long size;

  /** The bytes of the message so far. */
  public long size() {
    return size;
  }

  /** A number of 32 or 64 bits. */
  public WireWriter number(int field, long value) {
    tag(field, VARINT);
    varint(value);
    return this;
  }

  /** A float. */
  public WireWriter decimal(int field, float value) {
    tag(field, FIXED_32);
    small(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putFloat(value).array());
    return this;
  }

  /** A string. */
  public WireWriter text(int field, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    tag(field, BYTES);
    varint(bytes.length);
    small(bytes);
    return this;
  }

  /** Bytes from memory that is not copied; it must not change until the message has been written. */
  public WireWriter bytes(int field, List<MemorySegment> data) {
    tag(field, BYTES);
    varint(data.stream().mapToLong(MemorySegment::byteSize).sum());
    data.forEach(this::large);
    return this;
  }

  /** A message within this one, as it is now. */
  public WireWriter message(int field, WireWriter message) {
    tag(field, BYTES);
    varint(message.size);
    message.parts.forEach(this::large);
    small(message.tail.toByteArray());
    return this;
  }

  /** Writes the message. */
  public void writeTo(WritableByteChannel channel) throws IOException {
    List<MemorySegment> all = new ArrayList<>(parts);
    all.add(MemorySegment.ofArray(tail.toByteArray()));
    write(channel, all);
  }

  /** Writes memory of any kind, one after the other. */
  public static void write(WritableByteChannel channel, List<MemorySegment> data) throws IOException {
    ByteBuffer stage = ByteBuffer.allocateDirect(STAGE);
    MemorySegment room = MemorySegment.ofBuffer(stage);
    for (MemorySegment segment : data) {
      for (long done = 0; done < segment.byteSize();) {
        int bytes = (int) Math.min(stage.remaining(), segment.byteSize() - done);
        MemorySegment.copy(segment, done, room, stage.position(), bytes);
        stage.position(stage.position() + bytes);
        done += bytes;
        if (!stage.hasRemaining()) {
          empty(stage, channel);
        }
      }
    }
    empty(stage, channel);
  }

  private static void empty(ByteBuffer stage, WritableByteChannel channel) throws IOException {
    stage.flip();
    while (stage.hasRemaining()) {
      channel.write(stage);
    }
    stage.clear();
  }

  private void tag(int field, int kind) {
    varint(((long) field << 3) | kind);
  }

  /** Seven bits a byte, the lowest first. */
  private void varint(long value) {
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      tail.write((int) ((rest & 0x7f) | 0x80));
      size++;
      rest >>>= 7;
    }
    tail.write((int) rest);
    size++;
  }

  private void small(byte[] bytes) {
    tail.writeBytes(bytes);
    size += bytes.length;
  }

  private void large(MemorySegment data) {
    if (tail.size() > 0) {
      parts.add(MemorySegment.ofArray(tail.toByteArray()));
      tail.reset();
    }
    parts.add(data);
    size += data.byteSize();
  }
}
