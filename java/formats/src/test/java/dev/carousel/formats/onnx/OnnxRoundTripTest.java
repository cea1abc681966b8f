package dev.carousel.formats.onnx;

import dev.carousel.formats.model.SavedModel;
import java.nio.file.Path;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** {@code -Ddrawn=3000} tries more models. */
class OnnxRoundTripTest {
  @TempDir
  private Path folder;

  @TestFactory
  Stream<DynamicTest> whatIsWrittenIsReadAndGivesTheSame() {
    return IntStream.range(0, Integer.getInteger("drawn", 400)).mapToObj(seed -> DynamicTest.dynamicTest("seed " + seed,
        () -> {
          SavedModel written = DrawnModels.model(seed);
          Path file = folder.resolve("drawn.onnx");
          OnnxWriter.write(file, written);
          ModelFeeds feeds = ModelFeeds.drawn(written, seed);
          feeds.check(new ModelFeeds(OnnxFile.read(file), feeds.inputs()).outputs());
        }));
  }
}
