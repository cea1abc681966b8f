package dev.carousel.formats.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.carousel.formats.data.Element;
import dev.carousel.formats.data.NdArray;
import dev.carousel.formats.model.SavedModel;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The voice detector Silero as its makers give it, where {@code ci/models.sh} has fetched it. */
class SileroTest {
  private static final Path FILE = Path.of(System.getProperty("carousel.root", "../.."), "java", "examples", "models",
      "silero_vad.onnx");
  private static final int SAMPLES = 576;

  @BeforeEach
  void theModelIsThere() {
    assumeTrue(Files.isReadable(FILE), "ci/models.sh has not fetched " + FILE + ".");
  }

  private static NdArray rate(long rate) {
    return new NdArray(Element.I64, List.of(), MemorySegment.ofArray(new long[]{rate}));
  }

  private static SavedModel read() throws IOException {
    return OnnxFile.read(FILE, Map.of("sr", rate(16000)));
  }

  /** Something between noise and a tone, louder and softer. */
  private static NdArray frame(int number, int streams) {
    Random random = new Random(number);
    float[] samples = new float[streams * SAMPLES];
    for (int i = 0; i < samples.length; i++) {
      int stream = i / SAMPLES;
      double tone = Math.sin((number * SAMPLES + i) * (0.05 + 0.02 * stream));
      samples[i] = (float) ((tone * 0.5 + random.nextGaussian() * 0.1) * Math.abs(Math.sin(number * 0.07)));
    }
    return NdArray.of(List.of((long) streams, (long) SAMPLES), samples);
  }

  private static void check(int streams, int frames) throws Exception {
    SavedModel model = read();
    NdArray own = NdArray.of(List.of(2L, (long) streams, 128L), new float[2 * streams * 128]);
    NdArray other = own;
    for (int number = 0; number < frames; number++) {
      NdArray frame = frame(number, streams);
      Map<String, NdArray> actual = PortRun.run(model, Map.of("input", frame, "state", own));
      Map<String, NdArray> expected = OrtRun.run(FILE, Map.of("input", frame, "state", other, "sr", rate(16000)));
      own = Objects.requireNonNull(actual.get("stateN"));
      other = Objects.requireNonNull(expected.get("stateN"));
      for (int i = 0; i < streams; i++) {
        assertThat(Objects.requireNonNull(actual.get("output")).getFloat(i)).as("frame %d of stream %d", number, i)
            .isCloseTo(Objects.requireNonNull(expected.get("output")).getFloat(i), within(1e-5f));
      }
    }
  }

  @Test
  void aStreamSaysWhatOnnxruntimeDoes() throws Exception {
    check(1, 200);
  }

  @Test
  void eightStreamsSayWhatOnnxruntimeDoes() throws Exception {
    check(8, 200);
  }

  @Test
  void aFrameIsAStep() throws IOException {
    SavedModel model = read();
    assertThat(model.network().input().width()).isEqualTo(SAMPLES);
    assertThat(model.network().output().perStep()).isTrue();
    assertThat(model.network().streams()).isTrue();
  }
}
