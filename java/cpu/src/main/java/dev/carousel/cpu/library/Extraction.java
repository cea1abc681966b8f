package dev.carousel.cpu.library;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Resources of a jar as files, which is what a system loads code from.
 *
 * <p>They are kept in the user's cache, in a folder named for their content, so that a second start writes nothing and
 * versions stand side by side. Only the owner may write there. A file is written under another name and moved into
 * place, so two processes that start at once both find a whole one; one that does not hold what it should is replaced.
 */
final class Extraction {
  private Extraction() {}

  /** The files of those names, made of the resources; all are in one folder. */
  static Map<String, Path> extract(String library, Map<String, byte[]> contents) throws IOException {
    Path folder = cache().resolve(library + "-" + hash(contents.values()).substring(0, 16));
    createPrivate(folder);
    Map<String, Path> files = new LinkedHashMap<>();
    for (Map.Entry<String, byte[]> content : contents.entrySet()) {
      files.put(content.getKey(), place(folder, content.getKey(), content.getValue()));
    }
    return files;
  }

  private static Path place(Path folder, String name, byte[] content) throws IOException {
    Path file = folder.resolve(name);
    if (holds(file, content)) {
      return file;
    }
    Path whole = Files.createTempFile(folder, name, ".part"); // only the owner may read or write it
    try {
      Files.write(whole, content);
      Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(whole);
    }
    return file;
  }

  private static boolean holds(Path file, byte[] content) throws IOException {
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) || Files.size(file) != content.length) {
      return false;
    }
    try (InputStream in = Files.newInputStream(file)) {
      return Arrays.equals(in.readNBytes(content.length), content);
    }
  }

  /** {@code -Dcarousel.cache}, or what the system's users are used to. */
  private static Path cache() throws IOException {
    String named = System.getProperty("carousel.cache", "");
    String xdg = String.valueOf(System.getenv().getOrDefault("XDG_CACHE_HOME", ""));
    Path home = Path.of(System.getProperty("user.home", "."));
    Path parent = !named.isEmpty() ? Path.of(named)
        : xdg.startsWith("/") ? Path.of(xdg, "carousel")
            : Platform.present().system().equals("darwin") ? home.resolve(Path.of("Library", "Caches", "carousel"))
                : home.resolve(Path.of(".cache", "carousel"));
    Files.createDirectories(parent);
    return parent;
  }

  private static void createPrivate(Path folder) throws IOException {
    boolean posix = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
    FileAttribute<?>[] rights = posix
        ? new FileAttribute<?>[]{PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))}
        : new FileAttribute<?>[0];
    try {
      Files.createDirectory(folder, rights);
    } catch (FileAlreadyExistsException present) {
      if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
        throw present;
      }
    }
    String user = System.getProperty("user.name", "");
    if (posix && !Files.getOwner(folder, LinkOption.NOFOLLOW_LINKS).getName().equals(user)) {
      throw new IOException(folder + " belongs to another user than " + user
          + ", who could put code there. Remove it, or name another folder with -Dcarousel.cache.");
    }
  }

  private static String hash(Iterable<byte[]> contents) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      contents.forEach(digest::update);
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException impossible) {
      throw new AssertionError("Every JDK has SHA-256.", impossible);
    }
  }
}
