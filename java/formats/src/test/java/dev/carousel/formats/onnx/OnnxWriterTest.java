package dev.carousel.formats.onnx;

import dev.carousel.formats.model.SavedModel;
import java.nio.file.Path;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

class OnnxWriterTest {
  private static final int DRAWN = Integer.getInteger("carousel.drawn", 300);

  @TempDir
  private Path folder;

  @TestFactory
  Stream<DynamicTest> whatIsWrittenGivesTheSameNumbersInOnnxruntime() {
    return IntStream.range(0, DRAWN).mapToObj(seed -> DynamicTest.dynamicTest("seed " + seed, () -> {
      SavedModel model = DrawnModels.model(seed);
      Path file = folder.resolve(seed + ".onnx");
      OnnxWriter.write(file, model);
      ModelFeeds feeds = ModelFeeds.drawn(model, 1 + seed % 6, 1 + seed % 5, seed);
      feeds.check(OrtRun.run(file, feeds.inputs()));
    }));
  }
}
