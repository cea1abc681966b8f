package dev.carousel.cpu.library;

import dev.carousel.kit.UserCache;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;

/**
 * Resources of a jar as files, which is what a system loads code from.
 *
 * <p>They are kept in the user's cache, in a folder named for their content, so that a second start writes nothing and
 * versions stand side by side. A file that does not hold what it should is replaced.
 */
final class Extraction {
  private Extraction() {}

  /** The files of those names, made of the resources; all are in one folder. */
  static Map<String, Path> extract(String library, Map<String, byte[]> contents) throws IOException {
    CRC32 check = new CRC32(); // quick at a start, and enough: what stands in the folder is compared as well
    contents.values().forEach(check::update);
    Path folder = UserCache.folder(library + "-" + Long.toHexString(check.getValue()));
    Map<String, Path> files = new LinkedHashMap<>();
    for (Map.Entry<String, byte[]> content : contents.entrySet()) {
      Path file = folder.resolve(content.getKey());
      if (!holds(file, content.getValue())) {
        UserCache.write(file, content.getValue());
      }
      files.put(content.getKey(), file);
    }
    return files;
  }

  private static boolean holds(Path file, byte[] content) throws IOException {
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) || Files.size(file) != content.length) {
      return false;
    }
    try (InputStream in = Files.newInputStream(file)) {
      return Arrays.equals(in.readNBytes(content.length), content);
    }
  }
}
