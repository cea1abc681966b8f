package dev.carousel.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The processes that time one file of shapes, and the folder through which they speak with this one. */
final class Forks implements AutoCloseable {
  private final ShapeFile file;
  private final Options options;
  private final Path folder = Files.createTempDirectory("carousel-race");
  private final List<Outcome> outcomes = new ArrayList<>();

  /** Computes what the engines are to compute. */
  Forks(ShapeFile file, Options options) throws IOException {
    this.file = file;
    this.options = options;
    for (Shape shape : file.shapes()) {
      Oracle.of(Workload.of(shape), Engines::open).write(folder.resolve(shape.name()));
    }
  }

  /** Runs one; returns its exit status, 0 where it came to its end. */
  int run(int number) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(List.of(Fork.class.getName(), folder.toString(), String.valueOf(number)));
    command.addAll(options.forFork(file));
    ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
    // Not on the command line: onnxruntime 1.29 matches that against a pattern, and overflows its stack where it is long.
    builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
    Process process = builder.start();
    Thread end = new Thread(process::destroy);
    Runtime.getRuntime().addShutdownHook(end);
    int status = process.waitFor();
    Runtime.getRuntime().removeShutdownHook(end);
    Path written = folder.resolve(Fork.OUTCOMES);
    String text = Files.exists(written) ? Files.readString(written) : "";
    for (String line : text.substring(0, text.lastIndexOf('\n') + 1).lines().toList()) { // without half a line
      outcomes.add(Wire.read(line, file));
    }
    Files.deleteIfExists(written);
    return status;
  }

  /** What has come of every contest, its processes' rounds together. */
  List<Outcome> outcomes() {
    record Contest(String shape, int threads) {}
    Map<Contest, List<Outcome>> contests = new LinkedHashMap<>();
    for (Outcome outcome : outcomes) {
      contests.computeIfAbsent(new Contest(outcome.shape().name(), outcome.threads()), _ -> new ArrayList<>())
          .add(outcome);
    }
    return contests.values().stream().map(Outcome::pool).toList();
  }

  @Override
  public void close() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path one : files.toList()) {
        Files.delete(one);
      }
    }
    Files.delete(folder);
  }
}
