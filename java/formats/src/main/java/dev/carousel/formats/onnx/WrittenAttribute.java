package dev.carousel.formats.onnx;

import dev.carousel.formats.onnx.proto.WireWriter;
import java.util.List;

/** An attribute of a node that is written. */
record WrittenAttribute(WireWriter message) {
  private static final int NAME = 1;
  private static final int TYPE = 20;

  static WrittenAttribute of(String name, long value) {
    return of(name, 2, new WireWriter().number(3, value));
  }

  static WrittenAttribute of(String name, float value) {
    return of(name, 1, new WireWriter().decimal(2, value));
  }

  static WrittenAttribute of(String name, String value) {
    return of(name, 3, new WireWriter().text(4, value));
  }

  static WrittenAttribute integers(String name, int... values) {
    WireWriter message = new WireWriter();
    for (int value : values) {
      message.number(8, value);
    }
    return of(name, 7, message);
  }

  static WrittenAttribute floats(String name, List<Float> values) {
    WireWriter message = new WireWriter();
    values.forEach(value -> message.decimal(7, value));
    return of(name, 6, message);
  }

  static WrittenAttribute strings(String name, List<String> values) {
    WireWriter message = new WireWriter();
    values.forEach(value -> message.text(9, value));
    return of(name, 8, message);
  }

  private static WrittenAttribute of(String name, int type, WireWriter message) {
    return new WrittenAttribute(message.text(NAME, name).number(TYPE, type));
  }
}
