package dev.carousel.bench;

/** Streams that each go on by one step at a run, from the state that the run before left. */
interface Streams extends Engine {
  /** Takes all streams back to a state of zero. */
  void reset();

  /** Streams that an engine steps one after the other, each with a session of its own, or together as one batch. */
  static Streams open(String engine, Workload workload, int threads, boolean together) {
    return switch (engine) {
      case Engines.ONNXRUNTIME -> OnnxRuntimeStreams.open(workload, threads, together);
      case Engines.PYTORCH -> PyTorchStreams.open(workload, threads, together);
      default -> CarouselStreams.open(engine, workload, threads, together);
    };
  }
}
