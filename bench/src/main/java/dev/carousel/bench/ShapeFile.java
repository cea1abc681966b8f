package dev.carousel.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Shapes that belong together: a text file with a shape a line, of which {@code #} begins a comment.
 *
 * @param path where it stands
 */
record ShapeFile(Path path, List<Shape> shapes) {
  ShapeFile {
    shapes = List.copyOf(shapes);
    Set<String> names = new HashSet<>();
    for (Shape shape : shapes) {
      if (!names.add(shape.name())) {
        throw new IllegalArgumentException(path + " has two shapes of the name " + shape.name() + ".");
      }
    }
  }

  static ShapeFile read(Path path) throws IOException {
    if (!Files.isRegularFile(path)) {
      throw new IllegalArgumentException("Shapes were to be read from " + path + ", and there is no such file.");
    }
    return new ShapeFile(path, Files.readAllLines(path).stream()
        .map(line -> line.contains("#") ? line.substring(0, line.indexOf('#')) : line).filter(line -> !line.isBlank())
        .map(Shape::parse).toList());
  }

  /** The file's name without its ending. */
  String name() {
    return String.valueOf(path.getFileName()).replaceFirst("\\.txt$", "");
  }

  /** Just the shapes of these names, of which there may be none; all where no name is given. */
  ShapeFile only(List<String> names) {
    return new ShapeFile(path,
        shapes.stream().filter(shape -> names.isEmpty() || names.contains(shape.name())).toList());
  }
}
