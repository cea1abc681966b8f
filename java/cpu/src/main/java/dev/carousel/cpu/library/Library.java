package dev.carousel.cpu.library;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Native code that was loaded for the life of this process, or the reason why it was not.
 *
 * @param found where its symbols are found; nothing where there is a problem
 * @param problem what stands in the way and what to do
 */
record Library(SymbolLookup found, Optional<String> problem) {
  /** Finds the files of a library, in the order in which they have to be loaded. */
  @FunctionalInterface
  interface Files {
    List<Path> find() throws IOException;
  }

  /** Loads files; symbols are looked up in the last one. What goes wrong becomes the problem. */
  static Library load(String name, Files files) {
    try {
      SymbolLookup lookup = _ -> Optional.empty();
      for (Path file : files.find()) {
        lookup = SymbolLookup.libraryLookup(file.toAbsolutePath(), Arena.global());
      }
      return new Library(lookup, Optional.empty());
    } catch (IOException | RuntimeException | LinkageError failure) {
      return missing(name + " could not be loaded: " + failure.getMessage());
    }
  }

  static Library missing(String problem) {
    return new Library(_ -> Optional.empty(), Optional.of(problem));
  }
}
