package dev.carousel.kit;

import java.io.IOException;
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
import java.util.HexFormat;

/**
 * Files that a back end keeps from start to start, each for one user: {@code -Dcarousel.cache}, or what the system's users
 * are used to.
 *
 * <p>Code may lie there, so only the owner may write. A file is written under another name and moved into place, so that
 * processes that start at once all find a whole one.
 */
public final class UserCache {
  /** The system property that names the folder. */
  public static final String PROPERTY = "carousel.cache";

  private UserCache() {}

  /** A folder of that name, made where it is missing; refused where it belongs to somebody else. */
  public static Path folder(String name) throws IOException {
    Path folder = root().resolve(name);
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
          + ", who could put code there. Remove it, or name another folder with -D" + PROPERTY + ".");
    }
    return folder;
  }

  private static Path root() throws IOException {
    String named = System.getProperty(PROPERTY, "");
    String xdg = String.valueOf(System.getenv().getOrDefault("XDG_CACHE_HOME", ""));
    Path home = Path.of(System.getProperty("user.home", "."));
    Path root = !named.isEmpty() ? Path.of(named)
        : xdg.startsWith("/") ? Path.of(xdg, "carousel")
            : System.getProperty("os.name", "").startsWith("Mac")
                ? home.resolve(Path.of("Library", "Caches", "carousel"))
                : home.resolve(Path.of(".cache", "carousel"));
    Files.createDirectories(root);
    return root;
  }

  /** Puts a whole file into place, over one that is there. */
  public static void write(Path file, byte[] content) throws IOException {
    Path whole = Files.createTempFile(file.getParent(), file.getFileName().toString(), ".part"); // for the owner only
    try {
      Files.write(whole, content);
      Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(whole);
    }
  }

  /** The SHA-256 of all of them, one after the other, in hexadecimal digits. */
  public static String hash(Iterable<byte[]> contents) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      contents.forEach(digest::update);
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException impossible) {
      throw new AssertionError("Every JDK has SHA-256.", impossible);
    }
  }
}
