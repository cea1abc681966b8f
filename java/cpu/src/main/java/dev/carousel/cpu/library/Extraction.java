package dev.carousel.cpu.library;

import dev.carousel.kit.UserCache;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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

  /** The files of those contents, in the order of the names; all are in one folder. */
  static List<Path> extract(String library, Map<String, byte[]> contents) throws IOException {
    CRC32 check = new CRC32(); // quick at a start, and enough: what stands in the folder is compared as well
    contents.values().forEach(check::update);
    Path folder = UserCache.folder(library + "-" + Long.toHexString(check.getValue()));
    List<Path> files = new ArrayList<>();
    for (Map.Entry<String, byte[]> content : contents.entrySet()) {
      Path file = folder.resolve(content.getKey());
      if (UserCache.read(file).filter(held -> Arrays.equals(held, content.getValue())).isEmpty()) {
        UserCache.write(file, content.getValue());
      }
      files.add(file);
    }
    return files;
  }
}
