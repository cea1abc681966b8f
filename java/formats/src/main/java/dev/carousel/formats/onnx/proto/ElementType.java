package dev.carousel.formats.onnx.proto;

import dev.carousel.formats.data.Element;
import java.util.Optional;

/** The types of elements by ONNX's numbers. */
public final class ElementType {
  /** A float. */
  public static final int FLOAT = 1;
  /** An integer of 4 bytes. */
  public static final int INT32 = 6;
  /** An integer of 8 bytes. */
  public static final int INT64 = 7;
  /** Yes or no, a byte. */
  public static final int BOOL = 9;

  private ElementType() {}

  /** The element that Carousel reads it as; none for types that no part of a recurrent network has. */
  public static Optional<Element> element(int type) {
    return switch (type) {
      case FLOAT -> Optional.of(Element.F32);
      case INT32 -> Optional.of(Element.I32);
      case INT64 -> Optional.of(Element.I64);
      case 10 -> Optional.of(Element.F16);
      case 11 -> Optional.of(Element.F64);
      case 16 -> Optional.of(Element.BF16);
      default -> Optional.empty();
    };
  }

  /** The name that ONNX's documentation has for it. */
  public static String name(int type) {
    return switch (type) {
      case FLOAT -> "float";
      case 2 -> "uint8";
      case 3 -> "int8";
      case 4 -> "uint16";
      case 5 -> "int16";
      case INT32 -> "int32";
      case INT64 -> "int64";
      case 8 -> "string";
      case BOOL -> "bool";
      case 10 -> "float16";
      case 11 -> "double";
      case 12 -> "uint32";
      case 13 -> "uint64";
      case 14 -> "complex64";
      case 15 -> "complex128";
      case 16 -> "bfloat16";
      default -> "unknown type " + type;
    };
  }
}
