package dev.carousel.formats;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.carousel.formats.data.FormatException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Damaged copies of a valid file, the same for the same seed. A reader must either read one or throw a
 * {@link FormatException}, soon, and without taking more of the heap than the file's size warrants. The property
 * {@code carousel.mutations} says how many are tried.
 */
public final class Mutations {
  private static final int COUNT = Integer.getInteger("carousel.mutations", 500);
  private static final long[] VALUES = {0, 1, -1, 2, 127, 128, 255, 65535, 65536, Integer.MAX_VALUE, Integer.MIN_VALUE,
      1L << 32, Long.MAX_VALUE, Long.MIN_VALUE, 1L << 62, 1L << 40};
  private static final double SLOW_SECONDS = 20; // machines are shared; a hang takes longer than any of this
  private static final long HEAP = 64L << 20; // what any file may take, and
  private static final long HEAP_FACTOR = 200; // what a byte of it may take

  private Mutations() {}

  /** What reads a file to the last number. */
  @FunctionalInterface
  public interface Reader {
    /** Reads it. */
    void read(Path file) throws IOException;
  }

  /** Tries a reader on damaged copies; the file keeps its name, in a folder that is the caller's. */
  public static void survive(Path folder, String name, byte[] valid, Reader reader) throws IOException {
    Path file = folder.resolve(name);
    Files.write(file, valid);
    reader.read(file); // or the damage would be tried on what is not read at all
    SplittableRandom random = new SplittableRandom(name.hashCode());
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    int refused = 0;
    for (int i = 0; i < COUNT; i++) {
      byte[] damaged = damaged(valid, random);
      Files.delete(file); // a mapping of the one before may still live, and thousands make cutting the file slow
      Files.write(file, damaged);
      long allocated = threads.getCurrentThreadAllocatedBytes();
      long start = System.nanoTime();
      try {
        reader.read(file);
      } catch (FormatException _) {
        refused++;
      } catch (IOException | RuntimeException | Error failure) {
        Path kept = Files.write(Path.of(System.getProperty("java.io.tmpdir")).resolve("damaged-" + i + "-" + name),
            damaged);
        throw new AssertionError("Mutation " + i + " of " + name + ", kept as " + kept + ", was not refused but threw",
            failure);
      }
      assertThat((System.nanoTime() - start) * 1e-9).as("seconds for mutation %d of %s", i, name)
          .isLessThan(SLOW_SECONDS);
      assertThat(threads.getCurrentThreadAllocatedBytes() - allocated).as("bytes for mutation %d of %s", i, name)
          .isLessThan(HEAP + HEAP_FACTOR * damaged.length);
    }
    assertThat(refused).as("mutations of %s that were refused", name).isPositive();
  }

  private static byte[] damaged(byte[] valid, SplittableRandom random) {
    byte[] bytes = valid.clone();
    for (int count = 1 + random.nextInt(3); count > 0 && bytes.length > 0; count--) {
      bytes = damage(bytes, random);
    }
    return bytes;
  }

  /** Structure stands mostly at either end of a file, so half of the damage is done there. */
  private static byte[] damage(byte[] bytes, SplittableRandom random) {
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
