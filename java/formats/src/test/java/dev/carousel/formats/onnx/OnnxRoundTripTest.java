package dev.carousel.formats.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.model.SavedModel;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OnnxRoundTripTest {
  private static final int DRAWN = 400;
  private static final int READ = 200; // the nodes that put zeros behind lengths, and those of a scaled tanh, are not read

  @TempDir
  private Path folder;

  @Test
  void whatIsWrittenIsReadAsTheSameOrRefused() throws Exception {
    int read = 0;
    for (int seed = 0; seed < DRAWN; seed++) {
      SavedModel written = DrawnModels.model(seed);
      Path file = folder.resolve("drawn.onnx");
      OnnxWriter.write(file, written);
      SavedModel again;
      try {
        again = OnnxFile.read(file);
      } catch (FormatException _) {
        continue;
      }
      ModelFeeds feeds = ModelFeeds.drawn(written, 4, 3, seed);
      new ModelFeeds(again, feeds.inputs()).check(feeds.outputs());
      read++;
    }
    assertThat(read).isGreaterThanOrEqualTo(READ);
  }
}
