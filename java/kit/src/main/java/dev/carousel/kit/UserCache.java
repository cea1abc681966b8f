package dev.carousel.kit;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Files that a back end keeps from start to start, each for one user: {@code -Dcarousel.cache}, or what the system's users
 * are used to.
 *
 * <p>Code may lie there, so only the user may be able to write there, and to every folder above. A file is written under
 * another name and moved into place, so that processes that start at once all find a whole one.
 */
public final class UserCache {
  /** The system property that names the folder. */
  public static final String PROPERTY = "carousel.cache";

  private UserCache() {}

  /** The real path of a folder of that name, made where it is missing; refused where others could put code there. */
  public static Path folder(String name) throws IOException {
    Path folder = root().resolve(name);
    try {
      Path made = Files.createDirectories(folder, rights()).toRealPath();
      Custody.check(made);
      return made;
    } catch (FileSystemException refused) {
      throw unusable(folder, refused);
    }
  }

  private static Path root() throws IOException {
    String named = System.getProperty(PROPERTY, "");
    String xdg = String.valueOf(System.getenv().getOrDefault("XDG_CACHE_HOME", ""));
    if (!named.isEmpty()) {
      return Path.of(named).toAbsolutePath();
    }
    if (xdg.startsWith("/")) {
      return Path.of(xdg, "carousel");
    }
    Path home = Path.of(System.getProperty("user.home", ""));
    if (!home.isAbsolute()) { // a user without a name has none
      throw new IOException("This user has no home folder to keep files in. Name a folder with -D" + PROPERTY + ".");
    }
    return home.resolve(System.getProperty("os.name", "").startsWith("Mac")
        ? Path.of("Library", "Caches", "carousel")
        : Path.of(".cache", "carousel"));
  }

  private static FileAttribute<?>[] rights() {
    return FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[]{PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))}
        : new FileAttribute<?>[0];
  }

  private static IOException unusable(Path file, IOException refused) {
    String reason = switch (refused) {
      case AccessDeniedException denied -> "access to " + denied.getFile() + " is denied";
      case FileAlreadyExistsException other -> other.getFile() + " is not a folder";
      case FileSystemException system when system.getReason() != null -> system.getReason();
      case FileSystemException system -> system.getClass().getSimpleName();
      default -> String.valueOf(refused.getMessage());
    };
    return new IOException(file + " cannot be written: " + reason + ". Name another folder with -D" + PROPERTY + ".",
        refused);
  }

  /** What a file in such a folder holds; nothing where there is none, or others could have written it. */
  public static Optional<byte[]> read(Path file) throws IOException {
    return Custody.holds(file) ? Optional.of(Files.readAllBytes(file)) : Optional.empty();
  }

  /** Puts a whole file into place, over one that is there. */
  public static void write(Path file, byte[] content) throws IOException {
    try {
      Path whole = Files.createTempFile(file.getParent(), file.getFileName().toString(), ".part"); // for the owner only
      try {
        Files.write(whole, content);
        Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(whole);
      }
    } catch (IOException refused) { // a full disk is no FileSystemException
      throw unusable(file, refused);
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
