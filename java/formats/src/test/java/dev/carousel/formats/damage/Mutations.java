package dev.carousel.formats.damage;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.carousel.formats.data.FormatException;
import dev.carousel.spi.form.Legible;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;

/**
 * Damaged copies of a valid file, the same for the same seed. A reader must either read one, and run what it has read, or
 * throw a {@link FormatException} with a message for people, soon, and without taking more of the heap than the file's
 * size warrants. The property {@code carousel.mutations} says how many are tried.
 */
public final class Mutations {
  private static final int USUAL = 500;
  private static final int COUNT = Integer.getInteger("carousel.mutations", USUAL);
  private static final double SLOW_SECONDS = 20; // machines are shared; a hang takes longer than any of this
  private static final long HEAP = 64L << 20; // what any file may take, and
  private static final long HEAP_FACTOR = 200; // what a byte of it may take

  private Mutations() {}

  /** What does one damage to a file. */
  @FunctionalInterface
  public interface Damage {
    /** The file, damaged; it may be the same array. */
    byte[] apply(byte[] file, SplittableRandom random) throws IOException;
  }

  /** What reads a file to the last number. */
  @FunctionalInterface
  public interface Reader {
    /** Reads it. */
    void read(Path file) throws IOException;
  }

  /** Tries a reader on copies with damaged bytes. */
  public static void survive(Path folder, String name, byte[] valid, Reader reader) throws IOException {
    survive(folder, name, valid, ByteDamage::apply, reader);
  }

  /** Tries a reader on damaged copies; the file keeps its name, in a folder that is the caller's. */
  public static void survive(Path folder, String name, byte[] valid, Damage damage, Reader reader)
      throws IOException {
    Path file = folder.resolve(name);
    Files.write(file, valid);
    reader.read(file); // or the damage would be tried on what is not read at all
    SplittableRandom random = new SplittableRandom(name.hashCode());
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    int refused = 0;
    for (int i = 0; i < COUNT; i++) {
      byte[] damaged = damaged(damage, valid, random);
      Files.delete(file); // a mapping of the one before may still live, and thousands make cutting the file slow
      Files.write(file, damaged);
      long allocated = threads.getCurrentThreadAllocatedBytes();
      long start = System.nanoTime();
      try {
        refused += refuses(reader, file) ? 1 : 0;
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
    if (COUNT > USUAL) {
      System.out.printf("%s: of %d damaged copies %d were refused, and %d read%n", name, COUNT, refused,
          COUNT - refused);
    }
  }

  /** Whether a reader refuses a file, with a message of some length that is shown as it is. */
  private static boolean refuses(Reader reader, Path file) throws IOException {
    try {
      reader.read(file);
      return false;
    } catch (FormatException refusal) {
      String message = String.valueOf(refusal.getMessage());
      assertThat(message).hasSizeLessThanOrEqualTo(Legible.MESSAGE);
      assertThat(message.codePoints()).as(message).allMatch(Legible::isShown);
      return true;
    }
  }

  private static byte[] damaged(Damage damage, byte[] valid, SplittableRandom random) throws IOException {
    byte[] bytes = valid.clone();
    for (int count = 1 + random.nextInt(3); count > 0 && bytes.length > 0; count--) {
      bytes = damage.apply(bytes, random);
    }
    return bytes;
  }
}
