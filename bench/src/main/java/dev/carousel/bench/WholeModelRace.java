package dev.carousel.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Whole models as people build them, each from a state of zero, against onnxruntime on the same file. */
final class WholeModelRace {
  private static final Path FILE = Path.of("bench/shapes/models.txt");
  private static final List<Integer> BATCHES = List.of(1, 8, 64);
  private static final double SECONDS = 2;

  private WholeModelRace() {}

  static List<Sheet> measure(MeasureOptions options) throws IOException {
    List<List<Object>> rows = new ArrayList<>();
    Quiet quiet = new Quiet();
    Path folder = Files.createTempDirectory("models");
    try {
      for (WholeModel model : WholeModel.read(FILE, folder)) {
        if (options.only().isEmpty() || options.only().contains(model.name())) {
          for (int batch : BATCHES) {
            for (int threads : options.threads()) {
              rows.addAll(rows(model, batch, threads, options, quiet));
            }
          }
        }
      }
    } finally {
      try (var files = Files.list(folder)) {
        for (Path file : files.toList()) {
          Files.delete(file);
        }
      }
      Files.delete(folder);
    }
    return List.of(new Sheet("models",
        "Whole models, a call from a state of zero (medians; ratio: the time as a part of"
            + " the last engine's, round by round).",
        List.of("model", "batch", "threads", "engine", "ms", "ratio", "minMs", "maxMs"), rows));
  }

  private static List<List<Object>> rows(WholeModel model, int batch, int threads, MeasureOptions options,
      Quiet quiet) {
    List<String> names = options.engines("cpu/fused", "onnxruntime");
    List<Engine> engines = new ArrayList<>();
    try (Engine reference = new WholeModelEngine("reference", model, batch, 1)) {
      reference.run();
      for (String name : names) {
        Engine engine = name.equals("onnxruntime") ? OnnxRuntimeModel.open(model, batch, threads)
            : new WholeModelEngine(name, model, batch, threads);
        engines.add(engine);
        engine.run();
        Agreement.check(name, apart(engine.output(), reference.output()));
      }
      List<Laps> laps = Laps.of(engines, options.seconds(SECONDS), quiet);
      List<List<Object>> rows = new ArrayList<>();
      for (int i = 0; i < names.size(); i++) {
        rows.add(List.of(model.name(), batch, threads, names.get(i), laps.get(i).median(),
            laps.get(i).pairs(laps.getLast()), laps.get(i).min(), laps.get(i).max()));
      }
      return rows;
    } finally {
      engines.forEach(Engine::close);
    }
  }

  private static double apart(float[] output, float[] expected) {
    double largest = output.length == expected.length ? 0 : Double.POSITIVE_INFINITY;
    for (int i = 0; i < Math.min(output.length, expected.length); i++) {
      double one = Math.abs((double) output[i] - expected[i]);
      largest = Double.isNaN(one) ? Double.POSITIVE_INFINITY : Math.max(largest, one);
    }
    return largest;
  }
}
