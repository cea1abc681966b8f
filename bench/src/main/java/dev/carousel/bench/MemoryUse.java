package dev.carousel.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.LongStream;

/** The memory of models and of their callers, and whether it grows with the calls; each in a process of its own. */
final class MemoryUse {
  private static final double MEBIBYTE = 1 << 20;
  private static final int THREADS = 1;

  private MemoryUse() {}

  static List<Sheet> measure(MeasureOptions options) throws IOException, InterruptedException {
    List<String> engines = options.engines("cpu/fused", "onnxruntime");
    List<List<Object>> sizes = new ArrayList<>();
    for (Shape shape : Measure.shapes(options, "A", "B", "C", "G")) {
      for (String engine : engines) {
        long[] bytes = probe(MemoryProbe.SIZE, engine, 0, shape);
        List<Object> row = new ArrayList<>(List.of(shape.name(), engine, weights(shape)));
        LongStream.of(bytes).forEach(one -> row.add(one == -1 ? Double.NaN : one / MEBIBYTE));
        sizes.add(row);
      }
    }
    List<List<Object>> flat = new ArrayList<>();
    Shape step = Shape.parse("G lstm 1 1 512 512 1 1");
    for (String engine : engines) {
      long[] resident = probe(MemoryProbe.FLAT, engine, options.calls(), step);
      long grown = resident[MemoryProbe.POINTS - 1] - resident[0];
      flat.add(List.of(step.name(), engine, options.calls(), resident[0] / MEBIBYTE,
          resident[MemoryProbe.POINTS / 2] / MEBIBYTE, resident[MemoryProbe.POINTS - 1] / MEBIBYTE, grown / MEBIBYTE,
          grown / (0.9 * options.calls())));
    }
    return List.of(new Sheet("memory",
        "What the process grows by, outside the heap (native) and in it, in MiB: a model;"
            + " its first caller, who has called once; a second one. modelSays, callerSays: what the library says.",
        List.of("shape", "engine", "weightsMiB", "modelNative", "modelHeap", "firstNative", "firstHeap", "secondNative",
            "secondHeap", "modelSays", "callerSays"),
        sizes),
        new Sheet("flat", "Resident memory after a tenth, six tenths and all of the calls, in MiB; bytesPerCall is over"
            + " the last nine tenths.",
            List.of("shape", "engine", "calls", "tenth", "sixTenths", "all", "grown",
                "bytesPerCall"),
            flat));
  }

  private static double weights(Shape shape) {
    long count = 0;
    for (int layer = 0; layer < shape.layers(); layer++) {
      count += (shape.inputs(layer) + shape.hidden()) * (long) shape.cell().gates() * shape.outputs();
    }
    return 4 * count / MEBIBYTE;
  }

  private static long[] probe(String what, String engine, long calls, Shape shape)
      throws IOException, InterruptedException {
    if (shape.ragged()) {
      throw new IllegalArgumentException("Memory is measured on sequences of one length, and " + shape.name()
          + " is ragged.");
    }
    List<String> arguments = new ArrayList<>(
        List.of(what, engine, String.valueOf(THREADS), String.valueOf(calls), shape.name(),
            shape.cell().name().toLowerCase(Locale.ROOT)));
    for (int size : new int[]{shape.steps(), shape.batch(), shape.inputs(), shape.hidden(), shape.layers(),
        shape.directions()}) {
      arguments.add(String.valueOf(size));
    }
    Child child = new Child(Child.classPath(_ -> true), List.of(Resident.OPTIONS), MemoryProbe.class.getName(),
        arguments);
    String line = child.run().lines().getLast();
    return Arrays.stream(line.split(" ", -1)).mapToLong(Long::parseLong).toArray();
  }
}
