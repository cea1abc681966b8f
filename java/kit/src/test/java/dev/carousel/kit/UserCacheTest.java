package dev.carousel.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is kept is kept where nobody else can exchange it, or not at all. */
final class UserCacheTest {
  private static final int STRANGER = 12345;
  private static final int STICKY = 0b1_111_111_111; // everybody may write
  private static final byte[] CONTENT = {1, 2, 3};

  @TempDir
  private Path place;

  private Optional<String> before = Optional.empty();

  @BeforeEach
  void rememberTheCache() {
    assumeTrue(FileSystems.getDefault().supportedFileAttributeViews().contains("unix"),
        "This system does not say to whom a file belongs.");
    before = Optional.ofNullable(System.getProperty(UserCache.PROPERTY));
  }

  @AfterEach
  void restoreTheCache() {
    before.ifPresentOrElse(folder -> System.setProperty(UserCache.PROPERTY, folder),
        () -> System.clearProperty(UserCache.PROPERTY));
  }

  private static Path folderIn(Path cache) throws IOException {
    System.setProperty(UserCache.PROPERTY, cache.toString());
    return UserCache.folder("code");
  }

  private Path made(String name, String rights) throws IOException {
    Path folder = Files.createDirectories(place.resolve(name));
    return Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString(rights));
  }

  private static void give(Path path) throws IOException {
    assumeTrue(Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0), "Only root gives files away.");
    Files.setAttribute(path, "unix:uid", STRANGER);
  }

  private static void assertRefused(Path cache, Path because) throws IOException {
    assertThatThrownBy(() -> folderIn(cache)).isInstanceOf(IOException.class)
        .hasMessageStartingWith(because.toRealPath() + " ").hasMessageContaining("could put code there")
        .hasMessageContaining("-Dcarousel.cache");
  }

  @Test
  void allThatIsMadeIsForTheOwnerOnly() throws IOException {
    assertThat(folderIn(place.resolve("a/b"))).isEqualTo(place.toRealPath().resolve("a/b/code"));
    for (String made : List.of("a", "a/b", "a/b/code")) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(place.resolve(made))))
          .isEqualTo("rwx------");
    }
  }

  @Test
  void aFolderAboveThatOthersMayWriteToIsRefused() throws IOException {
    Path everybodys = made("everybody", "rwxrwxrwx");
    assertRefused(everybodys.resolve("mine"), everybodys);
    Path groups = made("group", "rwxrwx---");
    assertRefused(groups.resolve("mine/deep"), groups);
  }

  @Test
  void aStickyFolderAboveLetsOthersTouchTheirOwnOnly() throws IOException {
    Path sticky = made("sticky", "rwxrwxrwx");
    Files.setAttribute(sticky, "unix:mode", STICKY);
    assertThat(folderIn(sticky)).isDirectory();
  }

  @Test
  void aStickyFolderIsNoPlaceForCodeItself() throws IOException {
    Path code = made("code", "rwxrwxrwx");
    Files.setAttribute(code, "unix:mode", STICKY);
    assertRefused(place, code);
  }

  @Test
  void aFolderAboveOfSomebodyElseIsRefusedStickyOrNot() throws IOException {
    Path strangers = made("stranger", "rwxr-xr-x");
    give(strangers);
    assertRefused(strangers.resolve("mine"), strangers);
    Files.setAttribute(strangers, "unix:mode", STICKY);
    assertRefused(strangers.resolve("mine"), strangers);
  }

  @Test
  void aFolderOfSomebodyElseIsRefused() throws IOException {
    Path code = made("code", "rwxr-xr-x");
    give(code);
    assertRefused(place, code);
  }

  @Test
  void aLinkIsJudgedByWhereItLeads() throws IOException {
    Path everybodys = made("everybody", "rwxrwxrwx");
    Files.createDirectory(everybodys.resolve("target"));
    assertRefused(Files.createSymbolicLink(place.resolve("bad"), everybodys.resolve("target")), everybodys);
    Path mine = made("mine", "rwx------");
    assertThat(folderIn(Files.createSymbolicLink(place.resolve("good"), mine)))
        .isEqualTo(mine.toRealPath().resolve("code"));
    Path within = Files.createSymbolicLink(everybodys.resolve("link"), mine);
    assertThat(folderIn(within)).as("the link may be exchanged, what it led to may not")
        .isEqualTo(mine.toRealPath().resolve("code"));
  }

  @Test
  void aFileThatOthersCouldHaveWrittenIsNotRead() throws IOException {
    Path file = folderIn(place).resolve("file");
    assertThat(UserCache.read(file)).isEmpty();
    UserCache.write(file, CONTENT);
    assertThat(UserCache.read(file)).contains(CONTENT);
    assertThat(UserCache.read(Files.createSymbolicLink(file.resolveSibling("link"), file))).isEmpty();
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw----"));
    assertThat(UserCache.read(file)).isEmpty();
    UserCache.write(file, CONTENT);
    give(file);
    assertThat(UserCache.read(file)).isEmpty();
    UserCache.write(file, CONTENT);
    assertThat(UserCache.read(file)).contains(CONTENT);
  }

  @Test
  void aFolderThatCannotBeMadeSaysWhy() throws IOException {
    Path file = Files.createFile(place.resolve("file"));
    assertThatThrownBy(() -> folderIn(file.resolve("under"))).isInstanceOf(IOException.class)
        .hasMessageStartingWith(file + "/under/code cannot be written: ").hasMessageContaining("-Dcarousel.cache");
  }

  @Test
  void aUserWithoutAHomeHasNoFolderMadeElsewhere() {
    assumeTrue(System.getenv("XDG_CACHE_HOME") == null, "XDG_CACHE_HOME names a folder.");
    System.clearProperty(UserCache.PROPERTY);
    String home = System.getProperty("user.home");
    System.setProperty("user.home", "?");
    try {
      assertThatThrownBy(() -> UserCache.folder("code")).isInstanceOf(IOException.class)
          .hasMessageContaining("no home folder").hasMessageContaining("-Dcarousel.cache");
      assertThat(Path.of("?")).doesNotExist();
    } finally {
      System.setProperty("user.home", home);
    }
  }
}
