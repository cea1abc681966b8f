package dev.carousel.formats.damage;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.SplittableRandom;

/** Damage to bytes, whatever they say: bits, numbers, pieces said twice, left out or from elsewhere. */
public final class ByteDamage {
  private static final long[] VALUES = {0, 1, -1, 2, 127, 128, 255, 65535, 65536, Integer.MAX_VALUE, Integer.MIN_VALUE,
      1L << 32, Long.MAX_VALUE, Long.MIN_VALUE, 1L << 62, 1L << 40};

  private ByteDamage() {}

  /** Structure stands mostly at either end of a file, so half of the damage is done there. */
  public static byte[] apply(byte[] bytes, SplittableRandom random) {
    int near = Math.min(bytes.length, 512);
    int at = switch (random.nextInt(4)) {
      case 0 -> random.nextInt(near);
      case 1 -> bytes.length - 1 - random.nextInt(near);
      default -> random.nextInt(bytes.length);
    };
    int length = Math.min(bytes.length - at, 1 + random.nextInt(16));
    return switch (random.nextInt(7)) {
      case 0 -> Arrays.copyOf(bytes, at);
      case 1 -> joined(bytes, at, Arrays.copyOfRange(bytes, at, at + length), at); // said twice
      case 2 -> joined(bytes, at, new byte[0], at + length); // left out
      case 3 -> {
        byte[] value = ByteBuffer.allocate(8).order(random.nextBoolean() ? ByteOrder.LITTLE_ENDIAN
            : ByteOrder.BIG_ENDIAN).putLong(VALUES[random.nextInt(VALUES.length)]).array();
        System.arraycopy(value, 0, bytes, at, Math.min(1 << random.nextInt(4), bytes.length - at));
        yield bytes;
      }
      case 4 -> {
        byte[] other = new byte[length];
        random.nextBytes(other);
        System.arraycopy(other, 0, bytes, at, length);
        yield bytes;
      }
      case 5 -> {
        System.arraycopy(bytes, random.nextInt(bytes.length - length + 1), bytes, at, length); // from elsewhere
        yield bytes;
      }
      default -> {
        bytes[at] ^= (byte) (1 << random.nextInt(8));
        yield bytes;
      }
    };
  }

  private static byte[] joined(byte[] bytes, int end, byte[] middle, int from) {
    byte[] joined = Arrays.copyOf(bytes, end + middle.length + bytes.length - from);
    System.arraycopy(middle, 0, joined, end, middle.length);
    System.arraycopy(bytes, from, joined, end + middle.length, bytes.length - from);
    return joined;
  }
}
