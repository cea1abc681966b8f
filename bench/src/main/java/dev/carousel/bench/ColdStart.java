package dev.carousel.bench;

import dev.carousel.bench.cold.CarouselStart;
import dev.carousel.bench.cold.EmptyStart;
import dev.carousel.bench.cold.OnnxRuntimeStart;
import dev.carousel.formats.ModelFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * From the start of a JVM to the first result of a small tagger that stands in a file, in processes of their own that
 * take turns. Each is given a class path of what it needs. With an AOT cache the JVM finds its classes loaded and linked;
 * the cache is made beforehand by a run of the same program. With C1 alone it leaves its second compiler out, which
 * competes for the processors while a program starts.
 */
final class ColdStart {
  private static final String STEPS = "20";
  private static final String BATCH = "1";
  private static final double TOLERANCE = 1e-4; // of the sum that the programs print
  private static final String ALONE = "JVM alone";
  private static final String PEER = "onnxruntime";
  private static final String CAROUSEL = "cpu/fused";
  private static final String OWN_FILE = ", its own file";
  private static final String CACHED = ", AOT cache";
  private static final String QUICK = ", AOT cache, C1 alone";

  private ColdStart() {}

  static List<Sheet> measure(MeasureOptions options) throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("carousel-cold");
    try {
      List<List<Object>> rows = new ArrayList<>();
      for (int threads : options.threads()) {
        rows.addAll(rows(programs(folder, threads), threads, options.repeats()));
      }
      return List.of(new Sheet("cold",
          "From the start of a JVM to the first result of a bidirectional tagger (Lstm 40 to"
              + " 2 x 48, Lstm 96 to 2 x 48, Dense to 10, " + STEPS
              + " steps), read from an ONNX file (milliseconds; toPeer: the median"
              + " as a part of onnxruntime's).",
          List.of("program", "threads", "minMs", "medianMs", "maxMs", "toPeer"), rows));
    } finally {
      try (Stream<Path> files = Files.list(folder)) {
        for (Path file : files.toList()) {
          Files.delete(file);
        }
      }
      Files.delete(folder);
    }
  }

  /** The programs by name. */
  private static Map<String, Child> programs(Path folder, int threads) throws IOException, InterruptedException {
    Path file = folder.resolve("tagger.onnx");
    TaggerFile.write(file);
    String jar = Child.ownJar();
    String carousel = jar + Child.classPath(name -> name.matches("carousel-(spi|core|kit|cpu|formats)-.*|jhdf-.*"));
    String peer = jar + Child.classPath(name -> name.startsWith("onnxruntime-"));
    Map<String, Child> programs = new LinkedHashMap<>();
    programs.put(ALONE, program(jar, EmptyStart.class, "", "", threads));
    programs.put(PEER, program(peer, OnnxRuntimeStart.class, file.toString(), String.valueOf(TaggerFile.INPUTS),
        threads));
    programs.put(CAROUSEL, program(carousel, CarouselStart.class, file.toString(), CAROUSEL, threads));
    Path own = folder.resolve("tagger.safetensors");
    ModelFiles.write(own, ModelFiles.read(file));
    programs.put(CAROUSEL + OWN_FILE, program(carousel, CarouselStart.class, own.toString(), CAROUSEL, threads));
    for (Map.Entry<String, Child> plain : List.copyOf(programs.entrySet())) {
      Path cache = folder.resolve(plain.getKey().replaceAll("\\W", "-") + threads + ".aot");
      Child cached = cached(plain.getValue(), cache);
      programs.put(plain.getKey() + CACHED, cached);
      programs.put(plain.getKey() + QUICK, cached.with("-XX:TieredStopAtLevel=1"));
    }
    return programs;
  }

  private static Child program(String classPath, Class<?> main, String first, String second, int threads) {
    return new Child(classPath, List.of(), main.getName(), List.of(first, second, String.valueOf(threads), STEPS,
        BATCH));
  }

  /** The same program with a cache that one run of it has made. */
  private static Child cached(Child plain, Path cache) throws IOException, InterruptedException {
    plain.with("-XX:AOTCacheOutput=" + cache).run();
    return plain.with("-XX:AOTCache=" + cache);
  }

  private static List<List<Object>> rows(Map<String, Child> programs, int threads, int repeats)
      throws IOException, InterruptedException {
    Map<String, List<Double>> times = new LinkedHashMap<>();
    Map<String, String> results = new LinkedHashMap<>();
    for (int repeat = 0; repeat <= repeats; repeat++) {
      for (Map.Entry<String, Child> program : programs.entrySet()) {
        Child.Said said = program.getValue().run();
        results.put(program.getKey(), said.lines().getFirst());
        if (repeat > 0) { // the first brings the files into memory
          times.computeIfAbsent(program.getKey(), _ -> new ArrayList<>()).add(said.first() * 1e-6);
        }
      }
    }
    check(results);
    Laps peer = new Laps(times.getOrDefault(PEER, List.of()));
    return times.entrySet().stream().<List<Object>>map(entry -> {
      Laps one = new Laps(entry.getValue());
      return List.of(entry.getKey(), threads, one.min(), one.median(), one.max(), one.median() / peer.median());
    }).toList();
  }

  private static void check(Map<String, String> results) {
    double expected = Double.parseDouble(results.getOrDefault(PEER, "NaN"));
    results.forEach((name, result) -> {
      if (name.startsWith(CAROUSEL) && !(Math.abs(Double.parseDouble(result) - expected) < TOLERANCE)) {
        throw new IllegalStateException(name + " computed " + result + " and " + PEER + " " + expected + ".");
      }
    });
  }
}
