package dev.carousel.bench;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A JVM of its own: the class path goes by the environment, since onnxruntime 1.29 crashes on long command lines.
 *
 * @param options of java
 */
record Child(String classPath, List<String> options, String main, List<String> arguments) {
  /** What came of one: its lines, and when the first of them was read, in nanoseconds after its start. */
  record Said(long first, List<String> lines) {}

  /** The parts of this process's own class path whose file names are wanted. */
  static String classPath(Predicate<String> wanted) {
    return Arrays.stream(System.getProperty("java.class.path", "").split(File.pathSeparator, -1))
        .filter(part -> wanted.test(String.valueOf(Path.of(part).getFileName())))
        .collect(Collectors.joining(File.pathSeparator));
  }

  /** The jar of these classes, with what separates it from the next; an AOT cache takes no folders. */
  static String ownJar() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("bench", "target"))) {
      Path jar = files.filter(file -> String.valueOf(file.getFileName()).matches("carousel-bench-.*\\.jar")).findFirst()
          .orElseThrow(
              () -> new IOException("There is no carousel-bench jar in bench/target. Let bench/run.sh build."));
      return jar + File.pathSeparator;
    }
  }

  /** The same with one more option. */
  Child with(String option) {
    List<String> more = new ArrayList<>(options);
    more.add(option);
    return new Child(classPath, more, main, arguments);
  }

  /** Runs it to its end; one that fails ends the measurement. */
  Said run() throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("--enable-native-access=ALL-UNNAMED");
    command.addAll(options);
    command.add(main);
    command.addAll(arguments);
    Path errors = Files.createTempFile("carousel-child", ".txt");
    ProcessBuilder builder = new ProcessBuilder(command).redirectError(errors.toFile());
    builder.environment().put("CLASSPATH", classPath);
    long start = System.nanoTime();
    Process process = builder.start();
    List<String> lines = new ArrayList<>();
    long first = 0;
    try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        first = lines.isEmpty() ? System.nanoTime() - start : first;
        lines.add(line);
      }
    }
    int status = process.waitFor();
    String complaint = Files.readString(errors);
    Files.delete(errors);
    if (status != 0 || lines.isEmpty()) {
      throw new IOException(String.join(" ", command) + " ended with status " + status + " after " + lines.size()
          + " lines, and said: " + complaint);
    }
    return new Said(first, lines);
  }
}
