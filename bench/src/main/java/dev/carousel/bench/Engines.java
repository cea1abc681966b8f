package dev.carousel.bench;

import java.util.Set;

/** The engines by name: {@code onnxruntime}, {@code pytorch}, and any other name is a device of Carousel. */
final class Engines {
  private static final String ONNXRUNTIME = "onnxruntime";
  private static final String PYTORCH = "pytorch";
  private static final Set<String> PEERS = Set.of(ONNXRUNTIME, PYTORCH);

  private Engines() {}

  /** Whether it is another library. */
  static boolean isPeer(String name) {
    return PEERS.contains(name);
  }

  /** Makes an engine with at most so many threads. */
  static Engine open(String name, Workload workload, int threads) {
    return switch (name) {
      case ONNXRUNTIME -> OnnxRuntimeEngine.open(workload, threads);
      case PYTORCH -> PyTorchEngine.open(workload, threads);
      default -> CarouselEngine.open(name, workload, threads);
    };
  }
}
