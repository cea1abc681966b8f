package dev.carousel.bench.cold;

import dev.carousel.Devices;
import dev.carousel.Model;
import dev.carousel.Predictor;
import dev.carousel.formats.ModelFiles;
import dev.carousel.formats.model.SavedModel;
import dev.carousel.spi.CompileOptions;
import java.io.IOException;
import java.nio.file.Path;

/** Reads the tagger from a file, compiles it for a device, runs it once and prints a sum of the result. */
public final class CarouselStart {
  private CarouselStart() {}

  /** The file, the device, the threads, the steps and the batch. */
  public static void main(String[] arguments) throws IOException {
    SavedModel tagger = ModelFiles.read(Path.of(arguments[0]));
    int steps = Integer.parseInt(arguments[3]);
    int batch = Integer.parseInt(arguments[4]);
    try (Model model = Model.compile(tagger.network(), tagger.weights(), Devices.byId(arguments[1]),
        new CompileOptions(Integer.parseInt(arguments[2])));
        Predictor predictor = model.newPredictor(steps, batch)) {
      float[] scores = predictor.predict(Frames.of(steps, batch, tagger.network().input().width()), steps, batch);
      System.out.println(Frames.summary(scores));
    }
  }
}
