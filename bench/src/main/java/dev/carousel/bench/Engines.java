package dev.carousel.bench;

import java.util.List;
import java.util.Set;

/** The engines by name: these five peers, and any other name is a device of Carousel. */
final class Engines {
  static final String ONNXRUNTIME = "onnxruntime";
  static final String PYTORCH = "pytorch";
  private static final String DJL = "djl";
  private static final String ONEDNN = "onednn";
  private static final String DL4J = "dl4j";
  private static final Set<String> PEERS = Set.of(ONNXRUNTIME, PYTORCH, DJL, ONEDNN, DL4J);

  private Engines() {}

  /** Whether it is another library. */
  static boolean isPeer(String name) {
    return PEERS.contains(name);
  }

  /** Refuses engines that cannot be in one process. */
  static void check(List<String> names) {
    if (names.contains(PYTORCH) && names.contains(DJL)) {
      throw new IllegalArgumentException("pytorch and djl were asked for, and each brings a libtorch of its own, of"
          + " which a process can load only one. Race them in two runs.");
    }
  }

  /** Makes an engine with at most so many threads. */
  static Engine open(String name, Workload workload, int threads) {
    return switch (name) {
      case ONNXRUNTIME -> OnnxRuntimeEngine.open(workload, threads);
      case PYTORCH -> PyTorchEngine.open(workload, threads);
      case DJL -> DjlEngine.open(workload, threads);
      case ONEDNN -> DnnlEngine.open(workload, threads);
      case DL4J -> Dl4jEngine.open(workload, threads);
      default -> CarouselEngine.open(name, workload, threads);
    };
  }
}
