package dev.carousel.cli.run;

import dev.carousel.cli.console.WrongCall;
import dev.carousel.formats.data.NdArray;
import dev.carousel.formats.model.Port;
import dev.carousel.formats.model.SavedModel;
import dev.carousel.formats.npy.Npy;
import dev.carousel.formats.npy.Npz;
import dev.carousel.formats.run.BatchRun;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * The files of a run's results: each is written in another file beside it, by way of its memory, and stands in its place
 * only when all are complete. What is left of a run that did not get there is removed, even where it was interrupted.
 */
final class Results implements AutoCloseable {
  private final SavedModel model;
  private final BatchRun run;
  private final List<NamedFile> files = new ArrayList<>();
  private final Map<String, Part> parts = new LinkedHashMap<>(); // by the names of outputs
  private final Arena arena = Arena.ofConfined();
  private final Thread interrupted = new Thread(this::remove);

  /** An output on its way. */
  private record Part(Port port, Path path, MemorySegment memory) {}

  private Results(SavedModel model, BatchRun run) {
    this.model = model;
    this.run = run;
    Runtime.getRuntime().addShutdownHook(interrupted);
  }

  /** Begins the files that these texts name. */
  static Results of(SavedModel model, BatchRun run, List<String> texts) throws IOException {
    List<Port> outputs = model.signature().outputs();
    Results results = new Results(model, run);
    try {
      for (String text : texts) {
        NamedFile file = NamedFile.of("output", text, outputs);
        if (file.archive()) {
          for (Port output : outputs) {
            results.begin(output, file.path());
          }
          results.files.add(file);
        } else {
          Port output = file.port().orElse(model.signature().outputs().getFirst());
          WrongCall.check(results.files.stream().noneMatch(other -> other.port().filter(output::equals).isPresent()),
              "The output %s is to go to two files. Name what each file is for, as in --output NAME=FILE.",
              output.name());
          results.begin(output, file.path());
          results.files.add(new NamedFile(java.util.Optional.of(output), file.path()));
        }
      }
      return results;
    } catch (IOException | RuntimeException failure) {
      results.close();
      throw failure;
    }
  }

  private void begin(Port output, Path file) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    WrongCall.check(folder != null && Files.isDirectory(folder), "The folder of %s is not there. Make it first.", file);
    WrongCall.check(!Files.isDirectory(file), "%s is a folder, and a file is to be written.", file);
    WrongCall.check(files.stream().noneMatch(other -> other.path().equals(file)), "%s is to be written twice.", file);
    if (!parts.containsKey(output.name())) {
      Path part = file.resolveSibling(".carousel-" + UUID.randomUUID() + ".part");
      parts.put(output.name(), new Part(output, part, Npy.create(part, output.element(), run.shape(output), arena)));
    }
  }

  /** Where the results go, by the names of outputs. */
  Map<String, MemorySegment> targets() {
    Map<String, MemorySegment> targets = new LinkedHashMap<>();
    parts.forEach((name, part) -> targets.put(name, part.memory()));
    return targets;
  }

  /** Puts all files into their places. */
  void complete() throws IOException {
    for (NamedFile file : files) {
      if (file.port().isEmpty()) {
        Map<String, NdArray> arrays = new LinkedHashMap<>();
        for (Port output : model.signature().outputs()) {
          Part part = parts.get(output.name());
          if (part != null) {
            arrays.put(output.name(), new NdArray(output.element(), run.shape(output), part.memory()));
          }
        }
        Npz.write(file.path(), arrays);
      }
    }
    for (NamedFile file : files) {
      Part part = file.port().map(Port::name).map(parts::get).orElse(null);
      if (part != null) {
        Files.move(part.path(), file.path(), StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
      }
    }
  }

  /** The files that were written. */
  List<Path> paths() {
    return files.stream().map(NamedFile::path).toList();
  }

  private void remove() {
    try {
      for (Part part : parts.values()) {
        Files.deleteIfExists(part.path());
      }
    } catch (IOException stuck) {
      throw new UncheckedIOException(stuck);
    }
  }

  @Override
  public void close() {
    arena.close();
    remove();
    try {
      Runtime.getRuntime().removeShutdownHook(interrupted);
    } catch (IllegalStateException _) { // it runs already
    }
  }
}
