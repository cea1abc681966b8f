package dev.carousel.bench.cold;

import dev.carousel.Dense;
import dev.carousel.Devices;
import dev.carousel.Initialisation;
import dev.carousel.Lstm;
import dev.carousel.Model;
import dev.carousel.Network;
import dev.carousel.Predictor;
import dev.carousel.Weights;
import dev.carousel.spi.CompileOptions;

/** The tagger with weights that are made in memory: what {@link CarouselStart} takes without its file. */
public final class SeededStart {
  private static final Network TAGGER = Network.of(Lstm.of(40, 48).bidirectional(), Lstm.of(96, 48).bidirectional(),
      Dense.of(96, 10).softmax());

  private SeededStart() {}

  /** The device, a word that does not count, the threads, the steps and the batch. */
  public static void main(String[] arguments) {
    int steps = Integer.parseInt(arguments[3]);
    int batch = Integer.parseInt(arguments[4]);
    try (Model model = Model.compile(TAGGER, Weights.seeded(TAGGER, Initialisation.PYTORCH, 1),
        Devices.byId(arguments[0]), new CompileOptions(Integer.parseInt(arguments[2])));
        Predictor predictor = model.newPredictor(steps, batch)) {
      System.out.println(Frames.summary(predictor.predict(Frames.of(steps, batch, TAGGER.inputs()), steps, batch)));
    }
  }
}
