package dev.carousel.kit;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/**
 * Who could exchange a file: in a place that is safe, only the user of this process and the system's administrator.
 *
 * <p>Whoever may write to a folder may put another file, or another folder, in place of one in it. So a place is as safe
 * as every folder above it; a sticky one, as {@code /tmp} is, lets others touch what is their own only. In such a place a
 * file that was checked is still the same when it is loaded.
 */
final class Custody {
  private static final boolean KNOWN = FileSystems.getDefault().supportedFileAttributeViews().contains("unix");
  private static final int WRITTEN_BY_OTHERS = 0b010_010; // the group is others
  private static final int STICKY = 0b1_000_000_000;
  private static final int ADMINISTRATOR = 0;

  private Custody() {}

  /** To whom a file belongs, by number, and who may do what with it. */
  private record Rights(int owner, int mode) {
    static Rights of(Path file) throws IOException {
      return new Rights((int) Files.getAttribute(file, "unix:uid", LinkOption.NOFOLLOW_LINKS),
          (int) Files.getAttribute(file, "unix:mode", LinkOption.NOFOLLOW_LINKS));
    }

    boolean trusted(int user) {
      return owner == user || owner == ADMINISTRATOR;
    }

    boolean writtenByOthers() {
      return (mode & WRITTEN_BY_OTHERS) != 0;
    }

    boolean sticky() {
      return (mode & STICKY) != 0;
    }
  }

  /** Refuses a folder into which, or into whose place, others could put something; the path has no links in it. */
  static void check(Path folder) throws IOException {
    if (KNOWN) {
      int user = user();
      for (Path at = folder; at != null; at = at.getParent()) {
        check(at, user, !at.equals(folder));
      }
    }
  }

  private static void check(Path folder, int user, boolean above) throws IOException {
    Rights rights = Rights.of(folder);
    if (!rights.trusted(user)) {
      throw new IOException(folder + " belongs to another user (" + rights.owner() + ", this one is " + user
          + "), who could put code there. Name a folder of your own with -D" + UserCache.PROPERTY + ".");
    }
    if (rights.writtenByOthers() && !(above && rights.sticky())) {
      throw new IOException(folder + " may be written by others than its owner, who could put code there. Take that"
          + " right from them (chmod go-w), or name another folder with -D" + UserCache.PROPERTY + ".");
    }
  }

  /** Whether there is such a file, and only those who are trusted could have written it. */
  static boolean holds(Path file) throws IOException {
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      return false;
    }
    return !KNOWN || (Rights.of(file).trusted(user()) && !Rights.of(file).writtenByOthers());
  }

  /** The number of the user to whom belongs what this process makes; it may have no name. */
  private static int user() throws IOException {
    Path process = Path.of("/proc/self");
    if (Files.isDirectory(process)) {
      return (int) Files.getAttribute(process, "unix:uid");
    }
    Path made = Files.createTempFile("carousel", null);
    try {
      return (int) Files.getAttribute(made, "unix:uid");
    } finally {
      Files.delete(made);
    }
  }
}
