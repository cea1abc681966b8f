package dev.carousel.formats.npy;

import dev.carousel.formats.data.Element;
import dev.carousel.formats.data.FormatException;

/** Numpy's names of elements, {@code <f4}: the order of the bytes, what they are, and how many. */
final class Descr {
  private Descr() {}

  static Element element(String descr, String what) throws FormatException {
    boolean ordered = !descr.isEmpty() && "<>=|".indexOf(descr.charAt(0)) >= 0;
    String type = ordered ? descr.substring(1) : descr;
    Element element = switch (type) {
      case "f4" -> Element.F32;
      case "f8" -> Element.F64;
      case "f2" -> Element.F16;
      case "i4" -> Element.I32;
      case "i8" -> Element.I64;
      default -> throw refused(descr, type, what);
    };
    FormatException.check(!descr.startsWith(">"), "%s holds '%s', whose bytes stand in the other order. Save it again"
        + " with numpy.save(file, array.astype('<%s')).", what, descr, type);
    return element;
  }

  static String of(Element element) throws FormatException {
    return switch (element) {
      case F32 -> "<f4";
      case F64 -> "<f8";
      case F16 -> "<f2";
      case I32 -> "<i4";
      case I64 -> "<i8";
      case BF16 -> throw new FormatException("numpy does not know BF16. Write F32 in its place.");
    };
  }

  private static FormatException refused(String descr, String type, String what) {
    if (type.startsWith("O")) {
      return FormatException.of("%s holds Python objects as a pickle, which is a program and not data: it is never run."
          + " Save numbers, with array.astype('float32').", what);
    }
    String held = switch (type.isEmpty() ? '?' : type.charAt(0)) {
      case 'b', '?' -> "truth values";
      case 'i' -> "integers of another width";
      case 'u' -> "integers without a sign";
      case 'f' -> "floats of another width";
      case 'c' -> "complex numbers";
      case 'S', 'U', 'a' -> "text";
      case 'M', 'm' -> "times";
      case 'V' -> "raw bytes (so bfloat16 is saved)";
      default -> "what is no number";
    };
    return FormatException.of("%s holds '%s', %s. Floats of 2, 4 and 8 bytes and integers of 4 and 8 are read: save it"
        + " again after array.astype('float32') or array.astype('int64').", what, descr, held);
  }
}
