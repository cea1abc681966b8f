package dev.carousel.cli.model;

import dev.carousel.cli.console.WrongCall;
import dev.carousel.formats.ModelFiles;
import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.model.SavedModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * A model file in the making, in a folder of its own: some formats put a second file beside the first, by its name. All
 * come to stand in their place when the model that is read back has been found to be the same, and else none.
 */
final class Conversion {
  private final Path place; // of the folder
  private final String name;
  private final ModelFiles.Format format;
  private final boolean force;

  Conversion(Path out, ModelFiles.Format format, boolean force) {
    Path folder = out.toAbsolutePath().getParent();
    Path file = out.getFileName();
    WrongCall.check(folder != null && Files.isDirectory(folder), "The folder of %s is not there. Make it first.", out);
    WrongCall.check(!Files.isDirectory(out), "%s is a folder, and a file is to be written.", out);
    place = Objects.requireNonNull(folder);
    name = String.valueOf(file);
    this.format = format;
    this.force = force;
    free(out.toAbsolutePath());
    said().ifPresent(this::free);
  }

  /** What says the layers of a PyTorch file, and stands there: it would be taken to say those of the new one. */
  private Optional<Path> said() {
    Path json = place.resolve(name.replaceFirst("\\.[^.]*$", "") + ".json");
    return format == ModelFiles.Format.PYTORCH && Files.exists(json) ? Optional.of(json) : Optional.empty();
  }

  private void free(Path file) {
    WrongCall.check(force || !Files.exists(file), "%s is there already. Name another file, or add --force.", file);
  }

  /** Writes, reads back and compares; gives the largest difference. */
  double write(SavedModel model, Path from, double tolerance) throws IOException {
    Path folder = Files.createDirectory(place.resolve(".carousel-" + UUID.randomUUID()));
    try {
      Optional<Path> said = said();
      if (said.isPresent()) {
        Files.copy(said.get(), folder.resolve(said.get().getFileName())); // the writer knows whether to replace it
      }
      ModelFiles.write(folder.resolve(name), model, format);
      double difference = Comparison.largest(model, ModelFiles.read(folder.resolve(name)));
      FormatException.check(difference <= tolerance,
          "%s was not kept: what was written differs by up to %.3g, more than"
              + " %.3g.",
          from, difference, tolerance);
      for (Path file : files(folder)) {
        free(place.resolve(file.getFileName()));
      }
      for (Path file : files(folder)) {
        Files.move(file, place.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING,
            StandardCopyOption.ATOMIC_MOVE);
      }
      return difference;
    } finally {
      for (Path file : files(folder)) {
        Files.delete(file);
      }
      Files.delete(folder);
    }
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted(Comparator.reverseOrder()).toList();
    }
  }
}
