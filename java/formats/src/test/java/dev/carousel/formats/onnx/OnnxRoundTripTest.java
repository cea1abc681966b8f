package dev.carousel.formats.onnx;

import dev.carousel.formats.model.SavedModel;
import java.nio.file.Path;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

class OnnxRoundTripTest {
  private static final int DRAWN = 400;

  @TempDir
  private Path folder;

  @TestFactory
  Stream<DynamicTest> whatIsWrittenIsReadAsTheSame() {
    return LongStream.range(0, DRAWN).mapToObj(seed -> DynamicTest.dynamicTest("seed " + seed, () -> {
      SavedModel written = DrawnModels.model(seed);
      Path file = folder.resolve(seed + ".onnx");
      OnnxWriter.write(file, written);
      ModelFeeds feeds = ModelFeeds.drawn(written, 4, 3, seed);
      new ModelFeeds(OnnxFile.read(file), feeds.inputs()).check(feeds.outputs());
    }));
  }
}
