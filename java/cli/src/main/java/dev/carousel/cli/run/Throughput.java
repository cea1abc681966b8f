package dev.carousel.cli.run;

import dev.carousel.formats.json.Json;
import dev.carousel.spi.Device;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * How much was run, and how fast.
 *
 * @param steps the valid ones of all sequences
 */
record Throughput(Device device, int threads, long sequences, long steps, double seconds,
    List<Path> outputs) {

  Json json() {
    return Json.object("device", device.id(), "threads", threads, "sequences", sequences, "steps", steps, "seconds",
        seconds, "sequencesPerSecond", sequences / seconds, "stepsPerSecond", steps / seconds, "outputs",
        outputs.stream().map(Path::toString).toList());
  }

  /** A line for people. */
  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%s: %,d sequences, %,d steps in %.3g s: %,.0f sequences/s, %,.0f steps/s",
        device.id(), sequences, steps, seconds, sequences / seconds, steps / seconds);
  }
}
