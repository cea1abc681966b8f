package dev.carousel.examples;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The sound of a WAV file: 16-bit samples of one channel.
 *
 * @param rate samples a second
 * @param samples each within 1
 */
@SuppressWarnings("ArrayRecordComponent") // read once, and never compared
record Wave(int rate, float[] samples) {
  private static final int HEADER = 12;
  private static final int CHUNK = 8;

  /** Reads a file; what is none, or of another kind, is an IOException that says so. */
  static Wave read(Path file) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    if (bytes.capacity() < HEADER || !text(bytes, 0).equals("RIFF") || !text(bytes, 8).equals("WAVE")) {
      throw new IOException(file + " is no WAV file.");
    }
    int rate = 0;
    for (long at = HEADER; at + CHUNK <= bytes.capacity();) {
      int start = (int) at + CHUNK;
      long size = Integer.toUnsignedLong(bytes.getInt(start - 4));
      if (text(bytes, start - CHUNK).equals("fmt ") && start + 16 <= bytes.capacity()) {
        rate = bytes.getInt(start + 4);
        if (bytes.getShort(start) != 1 || bytes.getShort(start + 2) != 1 || bytes.getShort(start + 14) != 16) {
          throw new IOException(file + " is not of 16-bit samples of one channel. Convert it first.");
        }
      } else if (text(bytes, start - CHUNK).equals("data") && rate > 0) {
        return new Wave(rate, samples(bytes, start, (int) Math.min(size, bytes.capacity() - start)));
      }
      at = start + size + size % 2;
    }
    throw new IOException(file + " holds no sound that is described: it is cut off or damaged.");
  }

  private static String text(ByteBuffer bytes, int at) {
    byte[] name = new byte[4];
    bytes.get(at, name);
    return new String(name, StandardCharsets.US_ASCII);
  }

  private static float[] samples(ByteBuffer bytes, int start, int length) {
    float[] samples = new float[length / 2];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = bytes.getShort(start + 2 * i) / 32768f;
    }
    return samples;
  }
}
