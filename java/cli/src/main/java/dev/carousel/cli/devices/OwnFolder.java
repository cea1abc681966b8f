package dev.carousel.cli.devices;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** A folder for the time of a process, deleted with all that is in it. */
public record OwnFolder(Path path) implements AutoCloseable {
  /** A new one. */
  public static OwnFolder create() throws IOException {
    return new OwnFolder(Files.createTempDirectory("carousel"));
  }

  @Override
  public void close() throws IOException {
    try (Stream<Path> files = Files.walk(path)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
