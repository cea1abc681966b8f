package dev.carousel.opencl.device;

import dev.carousel.kit.UserCache;
import dev.carousel.opencl.driver.OpenClDevice;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * Compiled kernels in the user's cache, one file each, named for the device, its driver, the source and the options. A
 * file begins with the hash of the rest: a driver is never given one that is not whole. No failure here is more than a
 * slower start.
 */
final class BinaryCache {
  private static final int HASH = 32;

  private BinaryCache() {}

  /** Where one kernel is kept. */
  record Entry(Optional<Path> file) {
    Optional<byte[]> read() {
      try {
        return file.isEmpty() ? Optional.empty() : UserCache.read(file.get()).flatMap(Entry::whole);
      } catch (IOException unreadable) {
        return Optional.empty();
      }
    }

    private static Optional<byte[]> whole(byte[] content) {
      byte[] binary = content.length < HASH ? new byte[0] : Arrays.copyOfRange(content, HASH, content.length);
      return content.length > HASH && Arrays.equals(hash(binary), Arrays.copyOf(content, HASH))
          ? Optional.of(binary)
          : Optional.empty();
    }

    void write(byte[] binary) {
      if (file.isEmpty()) {
        return;
      }
      byte[] content = Arrays.copyOf(hash(binary), HASH + binary.length);
      System.arraycopy(binary, 0, content, HASH, binary.length);
      try {
        UserCache.write(file.get(), content);
      } catch (IOException failure) {
        note(failure);
      }
    }
  }

  static Entry entry(OpenClDevice device, String text, String options) {
    List<byte[]> key = List.of(device.name(), device.vendor(), device.version(), device.driver(), options, text)
        .stream()
        .map(part -> (part + "\n").getBytes(StandardCharsets.UTF_8)).toList();
    try {
      return new Entry(Optional.of(UserCache.folder("opencl").resolve(UserCache.hash(key) + ".bin")));
    } catch (IOException failure) {
      note(failure);
      return new Entry(Optional.empty());
    }
  }

  private static byte[] hash(byte[] binary) {
    return HexFormat.of().parseHex(UserCache.hash(List.of(binary)));
  }

  private static void note(IOException failure) {
    System.getLogger(BinaryCache.class.getName()).log(Level.DEBUG, "Compiled kernels are not kept.", failure);
  }
}
