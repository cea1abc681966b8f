package dev.carousel.opencl.driver;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.jocl.CL;
import org.jocl.Pointer;
import org.jocl.cl_device_id;
import org.jocl.cl_platform_id;

/** The answers to questions about platforms and devices. */
final class Query {
  private static final long LONGEST = 1 << 20; // the bytes of an answer that is believed: extensions take some thousands

  /** A call that fills memory with an answer, or says how long it is. */
  @FunctionalInterface
  private interface Question {
    int get(long size, Pointer value, long[] needed);
  }

  private Query() {}

  static String text(cl_platform_id platform, int name) {
    return text(bytes("clGetPlatformInfo", (size, value, needed) -> CL.clGetPlatformInfo(platform, name, size,
        value, needed)));
  }

  static String text(cl_device_id device, int name) {
    return text(bytes(device, name));
  }

  /** A number of 4 or 8 bytes, as the device's words are long. */
  static long number(cl_device_id device, int name) {
    byte[] answer = bytes(device, name);
    ByteBuffer buffer = ByteBuffer.wrap(answer).order(ByteOrder.nativeOrder());
    return switch (answer.length) {
      case Integer.BYTES -> Integer.toUnsignedLong(buffer.getInt());
      case Long.BYTES -> buffer.getLong();
      default -> throw wrong("clGetDeviceInfo", answer.length);
    };
  }

  private static byte[] bytes(cl_device_id device, int name) {
    return bytes("clGetDeviceInfo", (size, value, needed) -> CL.clGetDeviceInfo(device, name, size, value, needed));
  }

  private static byte[] bytes(String call, Question question) {
    long[] size = new long[1];
    OpenClException.check(call, question.get(0, new Pointer(), size));
    if (size[0] < 0 || size[0] > LONGEST) {
      throw wrong(call, size[0]);
    }
    byte[] answer = new byte[(int) size[0]];
    OpenClException.check(call, question.get(answer.length, Pointer.to(answer), new long[1]));
    return answer;
  }

  private static IllegalStateException wrong(String call, long length) {
    return new IllegalStateException(call + " gave an answer of " + Long.toUnsignedString(length) + " bytes.");
  }

  /** Without the zero at the end. */
  private static String text(byte[] answer) {
    return new String(answer, StandardCharsets.UTF_8).replace("\0", "").strip();
  }
}
