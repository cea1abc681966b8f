package dev.carousel.cpu.library;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Our own native code: that of the jar, or the file that {@code -Dcarousel.native.path} names. */
public final class CarouselLibrary {
  /** The system property that names a file to load in place of the jar's. */
  public static final String PROPERTY = "carousel.native.path";

  private static final Library LIBRARY = load();

  private CarouselLibrary() {}

  /** Where its symbols are found. */
  public static SymbolLookup lookup() {
    return LIBRARY.found();
  }

  /** Why it is not there and what to do; empty when it is. */
  public static Optional<String> problem() {
    return LIBRARY.problem();
  }

  private static Library load() {
    String named = System.getProperty(PROPERTY, "");
    if (!named.isEmpty()) {
      return Library.load(Path.of(named));
    }
    String file = System.mapLibraryName("carousel");
    String resource = "/" + Platform.present() + "/" + file;
    try (InputStream in = CarouselLibrary.class.getResourceAsStream(resource)) {
      if (in == null) {
        return Library.missing("Its native code for " + Platform.present() + " is not in this build: it was built"
            + " without a C compiler and CMake, or for other systems. Build it there, or name the library with -D"
            + PROPERTY + ".");
      }
      byte[] content = in.readAllBytes();
      return Library.load(file, "carousel", Map.of(file, content));
    } catch (IOException failure) {
      return Library.missing(resource + " could not be read from the jar: " + failure.getMessage());
    }
  }
}
