package dev.carousel.cpu.library;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Native code that was loaded for the life of this process, or the reason why it was not.
 *
 * @param found where its symbols are found; nothing where there is a problem
 * @param problem what stands in the way and what to do
 */
record Library(SymbolLookup found, Optional<String> problem) {
  /** Makes the files of a library, in the order in which they have to be loaded. */
  @FunctionalInterface
  private interface Source {
    List<Path> files() throws IOException;
  }

  /** Loads a file. */
  static Library load(Path file) {
    return load(file.toString(), () -> List.of(file));
  }

  /**
   * Loads what a jar holds, by file, in the order in which it has to be loaded; symbols are looked up in the last. It
   * comes from the user's cache, or where that cannot be from memory.
   */
  static Library load(String name, String folder, Map<String, byte[]> contents) {
    Library kept = load(name, () -> Extraction.extract(folder, contents));
    if (kept.problem().isEmpty()) {
      return kept;
    }
    System.getLogger(Library.class.getName()).log(Level.DEBUG, kept.problem()::get);
    Library held = load("From memory it", () -> MemoryFile.all(contents));
    return held.problem().isEmpty() ? held : missing(kept.problem().get() + " " + held.problem().get());
  }

  private static Library load(String name, Source source) {
    try {
      SymbolLookup lookup = _ -> Optional.empty();
      for (Path file : source.files()) {
        lookup = open(file.toAbsolutePath());
      }
      return new Library(lookup, Optional.empty());
    } catch (IOException | RuntimeException | LinkageError failure) {
      return missing(name + " could not be loaded: " + failure.getMessage());
    }
  }

  /** By its path as it is: a real path would be asked of a file in memory, which has none. */
  private static SymbolLookup open(Path file) throws IOException {
    try {
      return SymbolLookup.libraryLookup(file.toString(), Arena.global());
    } catch (IllegalArgumentException refused) {
      throw new IOException(Files.exists(file)
          ? file + " is no library for this system, or lies where code may not be loaded from (noexec)."
          : file + " is not there.", refused);
    }
  }

  static Library missing(String problem) {
    return new Library(_ -> Optional.empty(), Optional.of(problem));
  }
}
