package dev.carousel.bench;

/** What the engines are to compute: an engine's output, by the engine's name. */
final class Oracle {
  private final String name;
  private final float[] output;

  Oracle(String name, float[] output) {
    this.name = name;
    this.output = output;
  }

  String name() {
    return name;
  }

  /** {@code [steps][batch][directions * hidden]}; not to be written. */
  float[] output() {
    return output;
  }
}
