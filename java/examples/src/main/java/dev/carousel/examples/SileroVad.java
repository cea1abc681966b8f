package dev.carousel.examples;

import dev.carousel.Devices;
import dev.carousel.Model;
import dev.carousel.Predictor;
import dev.carousel.formats.ModelFiles;
import dev.carousel.formats.data.Element;
import dev.carousel.formats.data.NdArray;
import dev.carousel.formats.model.Port;
import dev.carousel.formats.model.SavedModel;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Who speaks when: Silero VAD, the stock file, on any number of WAV files at once. Each file is a stream and owns a row of
 * the batch; one that has ended rests, by a length of 0.
 */
public final class SileroVad {
  private static final int RATE = 16_000;
  private static final int FRAME = 512; // new samples of a step
  private static final int CONTEXT = 64; // those before them, which the model sees once more
  private static final int ROW = CONTEXT + FRAME;
  private static final float SPEECH = 0.5f; // from this probability on somebody speaks
  private static final float SILENCE = 0.35f; // until it falls below this

  private SileroVad() {}

  /** From one second to another. */
  record Interval(double from, double to) {
    /** The seconds: {@code 1.28-3.52}. */
    @Override
    public String toString() {
      return String.format(Locale.ROOT, "%.2f-%.2f", from, to);
    }
  }

  /** Prints the intervals of speech of each file, a line each. */
  public static void main(String[] arguments) throws IOException {
    if (arguments.length < 2 || arguments[0].equals("--help")) {
      IO.println("usage: SileroVad silero_vad.onnx FILE.wav ...\nPrints when somebody speaks in each file, in seconds."
          + " ci/models.sh fetches the model.");
      return;
    }
    List<Wave> waves = new ArrayList<>();
    for (int i = 1; i < arguments.length; i++) {
      waves.add(Wave.read(Path.of(arguments[i])));
    }
    List<List<Interval>> speech = speech(Path.of(arguments[0]), waves);
    for (int i = 0; i < speech.size(); i++) {
      IO.println(arguments[i + 1] + ": " + (speech.get(i).isEmpty() ? "nobody speaks" : speech.get(i)));
    }
  }

  /** The intervals of speech of each sound. */
  static List<List<Interval>> speech(Path file, List<Wave> waves) throws IOException {
    NdArray rate = new NdArray(Element.I64, List.of(), MemorySegment.ofArray(new long[]{RATE}));
    SavedModel saved = ModelFiles.read(file, Map.of("sr", rate)); // the part of the graph for this rate
    List<List<Interval>> speech = new ArrayList<>();
    for (float[] probabilities : probabilities(saved, waves)) {
      speech.add(intervals(probabilities));
    }
    return speech;
  }

  /** The probability of speech in each frame of each sound. */
  private static float[][] probabilities(SavedModel saved, List<Wave> waves) {
    String input = saved.signature().rows().parts().getFirst();
    String output = saved.signature().outputs().stream().filter(port -> port.content() == Port.Content.RESULTS)
        .findFirst().orElseThrow().parts().getFirst();
    int batch = waves.size();
    int[] frames = waves.stream().mapToInt(wave -> frames(wave)).toArray();
    float[][] probabilities = new float[batch][];
    int longest = 0;
    for (int row = 0; row < batch; row++) {
      probabilities[row] = new float[frames[row]];
      longest = Math.max(longest, frames[row]);
    }
    int[] lengths = new int[batch];
    MemorySegment rows = MemorySegment.ofArray(new float[batch * ROW]);
    MemorySegment results = MemorySegment.ofArray(new float[batch]);
    try (Model model = Model.compile(saved.network(), saved.weights(), Devices.best());
        Predictor predictor = model.newPredictor(1, batch)) {
      predictor.states().reset();
      for (int frame = 0; frame < longest; frame++) {
        for (int row = 0; row < batch; row++) {
          lengths[row] = frame < frames[row] ? 1 : 0;
          copy(waves.get(row), frame, rows, row);
        }
        predictor.advance(Map.of(input, rows), 1, batch, lengths, Map.of(output, results));
        for (int row = 0; row < batch; row++) {
          if (lengths[row] > 0) {
            probabilities[row][frame] = results.getAtIndex(ValueLayout.JAVA_FLOAT, row);
          }
        }
      }
    }
    return probabilities;
  }

  private static int frames(Wave wave) {
    if (wave.rate() != RATE) {
      throw new IllegalArgumentException(
          "A sound of " + wave.rate() + " samples a second was given, and the model hears "
              + RATE + ". Convert it first.");
    }
    return (wave.samples().length + FRAME - 1) / FRAME;
  }

  /** A frame and what was before it; zeros beyond both ends of the sound. */
  private static void copy(Wave wave, int frame, MemorySegment rows, int row) {
    for (int i = 0; i < ROW; i++) {
      int at = frame * FRAME - CONTEXT + i;
      rows.setAtIndex(ValueLayout.JAVA_FLOAT, (long) row * ROW + i,
          at >= 0 && at < wave.samples().length ? wave.samples()[at] : 0);
    }
  }

  static List<Interval> intervals(float[] probabilities) {
    double seconds = (double) FRAME / RATE;
    List<Interval> intervals = new ArrayList<>();
    int from = -1;
    for (int frame = 0; frame <= probabilities.length; frame++) {
      float probability = frame < probabilities.length ? probabilities[frame] : 0;
      if (from < 0 && probability >= SPEECH) {
        from = frame;
      } else if (from >= 0 && probability < SILENCE) {
        intervals.add(new Interval(from * seconds, frame * seconds));
        from = -1;
      }
    }
    return intervals;
  }
}
