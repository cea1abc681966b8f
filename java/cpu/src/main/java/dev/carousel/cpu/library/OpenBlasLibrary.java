package dev.carousel.cpu.library;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.SymbolLookup;
import java.net.URL;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * OpenBLAS: that of the classifier jar of {@code org.bytedeco:openblas}, or the file that
 * {@code -Dcarousel.openblas.path} names. The jar's finds the libraries that it needs only if they are loaded before.
 */
public final class OpenBlasLibrary {
  /** The system property that names a file to load in place of the jar's. */
  public static final String PROPERTY = "carousel.openblas.path";

  private static final List<String> FILES = List.of("libgcc_s.so.1", "libquadmath.so.0", "libgfortran.so.5",
      "libgfortran.so.4", "libgfortran.so.3", "libopenblas.so.0");

  private static final List<String> REQUIRED = List.of("cblas_sgemm", "cblas_sgemv");

  private OpenBlasLibrary() {}

  /** Loaded when first asked for: the jar's is large, and to list devices it need not be. */
  private static final class Holder {
    private static final Library LIBRARY = load();
  }

  /** Where its symbols are found. */
  public static SymbolLookup lookup() {
    return Holder.LIBRARY.found();
  }

  /** Why it cannot be used and what to do, after an attempt to load it; empty when it can. */
  public static Optional<String> problem() {
    return Holder.LIBRARY.problem();
  }

  /** Why it is not there and what to do, without loading it; empty when it is. */
  public static Optional<String> missing() {
    if (!named().isEmpty() || resource(FILES.getLast()) != null) {
      return Optional.empty();
    }
    return Optional.of("OpenBLAS is not on the class path: add org.bytedeco:openblas with the classifier "
        + classifier() + ", or name the system's library with -D" + PROPERTY + ".");
  }

  private static String named() {
    return System.getProperty(PROPERTY, "");
  }

  /** Whether it has a function; other libraries of the name, and older ones, lack some. */
  public static boolean has(String function) {
    return lookup().find(function).isPresent();
  }

  private static Library load() {
    Library library = named().isEmpty() ? loadFromJar() : Library.load(Path.of(named()));
    if (library.problem().isEmpty() && REQUIRED.stream().anyMatch(name -> library.found().find(name).isEmpty())) {
      return Library.missing(named() + " does not have " + String.join(" and ", REQUIRED)
          + ". Name an OpenBLAS with the CBLAS interface with -D" + PROPERTY + ".");
    }
    return library;
  }

  private static Library loadFromJar() {
    return missing().map(Library::missing).orElseGet(() -> {
      try {
        return Library.load("OpenBLAS", "openblas", contents());
      } catch (IOException failure) {
        return Library.missing("OpenBLAS could not be read from its jar: " + failure.getMessage());
      }
    });
  }

  private static Map<String, byte[]> contents() throws IOException {
    Map<String, byte[]> contents = new LinkedHashMap<>();
    for (String file : FILES) {
      URL resource = resource(file);
      if (resource != null) {
        try (InputStream in = resource.openStream()) {
          contents.put(file, in.readAllBytes());
        }
      }
    }
    return contents;
  }

  /** A jar on the module path hides its resources from other modules, but not from its class loader. */
  private static @Nullable URL resource(String file) {
    ClassLoader loader = OpenBlasLibrary.class.getClassLoader();
    return loader == null ? null : loader.getResource("org/bytedeco/openblas/" + classifier() + "/" + file);
  }

  private static String classifier() {
    Platform platform = Platform.present();
    String architecture = platform.architecture().equals("aarch64") ? "arm64" : platform.architecture();
    return (platform.system().equals("darwin") ? "macosx" : platform.system()) + "-" + architecture;
  }
}
