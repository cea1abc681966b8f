package dev.carousel.bench.chart;

import java.util.Map;

/** The colour of an engine, the same in every chart. */
final class Colours {
  private static final String OPENCL = "#7048c6";
  private static final String OTHER = "#5d6873";
  private static final Map<String, String> ENGINES = Map.of("cpu/fused", "#0a62c4", "cpu/openblas", "#17889c",
      "onnxruntime", "#d97400", "pytorch", "#cf3434", "djl", "#b8438f", "onednn", "#418321", "dl4j", "#8a6a42");

  private Colours() {}

  static String of(String engine) {
    return engine.startsWith("opencl/") ? OPENCL : ENGINES.getOrDefault(engine, OTHER);
  }

  /** Whether it is drawn with more weight: the devices of Carousel. */
  static boolean strong(String engine) {
    return engine.contains("/");
  }
}
