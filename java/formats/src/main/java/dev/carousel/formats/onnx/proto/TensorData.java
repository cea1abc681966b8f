package dev.carousel.formats.onnx.proto;

import dev.carousel.formats.data.Element;
import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.data.NdArray;
import dev.carousel.spi.runtime.HostMemory;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** The numbers of a tensor: where they lie if they lie side by side as such, else a copy off the heap. */
public final class TensorData {
  private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final int EXTERNAL = 1;
  private static final int MAX_RANK = 32;

  private final ExternalData external;

  /** Numbers in other files are looked for there. */
  public TensorData(ExternalData external) {
    this.external = external;
  }

  /** The array; one whose numbers are fewer or more than its shape says is a FormatException. */
  public NdArray array(TensorProto tensor) throws IOException {
    String what = what(tensor);
    boolean yesOrNo = tensor.type() == ElementType.BOOL;
    Element element = yesOrNo ? Element.I32
        : ElementType.element(tensor.type()).orElseThrow(() -> FormatException.of(
            "%s is of %s, which no part of a recurrent network that Carousel runs has. Export it with floats.", what,
            ElementType.name(tensor.type())));
    long count = NdArray.count(tensor.shape());
    FormatException.check(tensor.shape().size() <= MAX_RANK && count >= 0 && count <= Long.MAX_VALUE / 8,
        "%s is to be of %s. The file is damaged.", what, NodeProto.shortened(tensor.shape().toString()));
    MemorySegment data = data(tensor, element, count, yesOrNo);
    return new NdArray(element, tensor.shape(), data);
  }

  private static String what(TensorProto tensor) {
    return "Tensor " + (tensor.name().isEmpty() ? "without a name" : NodeProto.shortened(tensor.name()));
  }

  private MemorySegment data(TensorProto tensor, Element element, long count, boolean yesOrNo) throws IOException {
    String what = what(tensor);
    List<MemorySegment> raw = new ArrayList<>(1);
    List<MemorySegment> typed = new ArrayList<>(1);
    List<MemorySegment> entries = new ArrayList<>(0);
    boolean elsewhere = false;
    int field = field(element);
    Wire wire = new Wire(tensor.message(), "tensor");
    while (wire.next()) {
      switch (wire.field()) {
        case 9 -> raw.add(wire.bytes());
        case 13 -> entries.add(wire.bytes());
        case 14 -> elsewhere = wire.integer() == EXTERNAL;
        default -> {
          if (wire.field() == field) {
            typed.add(wire.value());
          } else {
            wire.skip();
          }
        }
      }
    }
    if (elsewhere) {
      FormatException.check(!yesOrNo, "%s, of bool, stands in another file.", what);
      return external.read(entries, count * element.bytes(), what);
    }
    if (!raw.isEmpty()) {
      FormatException.check(raw.size() == 1 && typed.isEmpty(), "%s has its numbers twice. The file is damaged.", what);
      MemorySegment bytes = sized(raw.getFirst(), count * (yesOrNo ? 1 : element.bytes()), what);
      return yesOrNo ? widened(bytes) : bytes;
    }
    return switch (element) {
      case F32, F64 -> sized(joined(typed), count * element.bytes(), what);
      case F16, BF16, I32, I64 -> numbers(typed, element, count, what);
    };
  }

  /** The field that typed numbers stand in: float_data, int32_data, int64_data or double_data. */
  private static int field(Element element) {
    return switch (element) {
      case F32 -> 4;
      case F16, BF16, I32 -> 5;
      case I64 -> 7;
      case F64 -> 10;
    };
  }

  private static MemorySegment sized(MemorySegment bytes, long wanted, String what) throws FormatException {
    FormatException.check(bytes.byteSize() == wanted, "%s takes %d bytes, and %d are there. The file is damaged.", what,
        wanted, bytes.byteSize());
    return bytes;
  }

  private static MemorySegment joined(List<MemorySegment> parts) {
    if (parts.size() == 1) {
      return parts.getFirst();
    }
    MemorySegment all = allocate(parts.stream().mapToLong(MemorySegment::byteSize).sum());
    long at = 0;
    for (MemorySegment part : parts) {
      MemorySegment.copy(part, 0, all, at, part.byteSize());
      at += part.byteSize();
    }
    return all;
  }

  /** A varint has one last byte, without the upper bit; so many there are of the numbers. */
  private static MemorySegment numbers(List<MemorySegment> parts, Element element, long count, String what)
      throws FormatException {
    long present = 0;
    for (MemorySegment part : parts) {
      for (long i = 0; i < part.byteSize(); i++) {
        present += part.get(ValueLayout.JAVA_BYTE, i) >= 0 ? 1 : 0;
      }
    }
    FormatException.check(present == count, "%s takes %d numbers, and %d are there. The file is damaged.", what, count,
        present);
    MemorySegment data = allocate(count * element.bytes());
    long index = 0;
    for (MemorySegment part : parts) {
      Wire packed = new Wire(part, "tensor");
      while (packed.more()) {
        set(data, element, index++, packed.number());
      }
    }
    return data;
  }

  /** Of floats of two bytes the number is their bits. */
  private static void set(MemorySegment data, Element element, long index, long number) {
    switch (element.bytes()) {
      case 2 -> data.set(SHORT, 2 * index, (short) number);
      case 4 -> data.set(INT, 4 * index, (int) number);
      default -> data.set(LONG, 8 * index, number);
    }
  }

  private static MemorySegment widened(MemorySegment bytes) {
    MemorySegment data = allocate(bytes.byteSize() * Element.I32.bytes());
    for (long i = 0; i < bytes.byteSize(); i++) {
      Element.I32.setFloat(data, i, bytes.get(ValueLayout.JAVA_BYTE, i));
    }
    return data;
  }

  private static MemorySegment allocate(long bytes) {
    return HostMemory.allocate(Arena.ofAuto(), (double) bytes, "A tensor");
  }
}
