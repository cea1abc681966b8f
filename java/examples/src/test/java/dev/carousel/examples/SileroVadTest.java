package dev.carousel.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SileroVadTest {
  private static final Path MODEL = Path.of("models", "silero_vad.onnx");
  private static final int RATE = 16_000;

  @TempDir
  private Path folder;

  private static byte[] wav(int rate, int channels, short... samples) {
    ByteBuffer bytes = ByteBuffer.allocate(44 + 2 * samples.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.put("RIFF".getBytes(StandardCharsets.US_ASCII)).putInt(36 + 2 * samples.length)
        .put("WAVEfmt ".getBytes(StandardCharsets.US_ASCII)).putInt(16).putShort((short) 1).putShort((short) channels)
        .putInt(rate).putInt(2 * rate).putShort((short) 2).putShort((short) 16)
        .put("data".getBytes(StandardCharsets.US_ASCII)).putInt(2 * samples.length);
    for (short sample : samples) {
      bytes.putShort(sample);
    }
    return bytes.array();
  }

  private Path file(byte[] bytes) throws IOException {
    return Files.write(folder.resolve("sound.wav"), bytes);
  }

  @Test
  void aWaveIsReadAsItIs() throws IOException {
    Wave wave = Wave.read(file(wav(RATE, 1, (short) 0, (short) 16384, (short) -32768)));
    assertThat(wave.rate()).isEqualTo(RATE);
    assertThat(wave.samples()).containsExactly(0, 0.5f, -1);
  }

  @Test
  void whatIsNoSuchWaveIsRefused() throws IOException {
    byte[] whole = wav(RATE, 1, new short[100]);
    for (int length : new int[]{0, 11, 12, 30, 40}) {
      Path cut = file(Arrays.copyOf(whole, length));
      assertThatExceptionOfType(IOException.class).as("%d bytes", length).isThrownBy(() -> Wave.read(cut));
    }
    Path stereo = file(wav(RATE, 2, new short[4]));
    assertThatExceptionOfType(IOException.class).isThrownBy(() -> Wave.read(stereo))
        .withMessageContaining("one channel");
  }

  @Test
  void speechBeginsWhereItIsLikelyAndEndsWhereItIsUnlikely() {
    assertThat(SileroVad.intervals(new float[]{0.1f, 0.6f, 0.4f, 0.3f, 0.9f})).hasToString("[0.03-0.10, 0.13-0.16]");
    assertThat(SileroVad.intervals(new float[0])).isEmpty();
  }

  /** A voice is too much for a test to make; what hums and what is silent is no speech, a row of its own each. */
  @Test
  void nobodySpeaksWhereThereIsNoVoice() throws IOException {
    assumeTrue(Files.exists(MODEL), "ci/models.sh has not fetched " + MODEL);
    float[] hum = new float[3 * RATE];
    for (int i = 0; i < hum.length; i++) {
      hum[i] = (float) Math.sin(2 * Math.PI * 50 * i / RATE) / 20;
    }
    List<List<SileroVad.Interval>> speech = SileroVad.speech(MODEL, List.of(new Wave(RATE, new float[2 * RATE]),
        new Wave(RATE, hum), new Wave(RATE, new float[0])));
    assertThat(speech).hasSize(3).allMatch(List::isEmpty);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SileroVad.speech(MODEL, List.of(new Wave(8_000, new float[8_000]))))
        .withMessageContaining("8000 samples a second");
  }
}
