package dev.carousel.cli.bench;

import dev.carousel.Model;
import dev.carousel.Predictor;
import dev.carousel.conformance.Finding;
import dev.carousel.spi.Device;
import java.lang.foreign.MemorySegment;

/** A contestant in this process. */
final class Here implements Contestant {
  private final Work work;
  private final Model model;
  private final Predictor predictor;
  private final MemorySegment input;
  private final MemorySegment output;
  private final double worst;

  private Here(Work work, Model model, Predictor predictor, MemorySegment input, MemorySegment output, double worst) {
    this.work = work;
    this.model = model;
    this.predictor = predictor;
    this.input = input;
    this.output = output;
    this.worst = worst;
  }

  /** Opens a device; one whose first result is wrong is lost at once. */
  static Here open(Work work, Device device, MemorySegment expected) throws Lost {
    Model model;
    try {
      model = work.compile(device);
    } catch (RuntimeException | Error failure) {
      throw new Lost(String.valueOf(failure.getMessage()));
    }
    try {
      Predictor predictor = work.predictor(model);
      MemorySegment input = work.input();
      MemorySegment output = work.output();
      predictor.predict(input, work.shape().steps(), work.shape().batch(), null, output);
      Finding finding = work.compare(expected, output);
      if (!finding.right()) {
        predictor.close();
        throw new Lost("It is wrong: " + finding.fault() + ".");
      }
      return new Here(work, model, predictor, input, output, finding.worst().orElse(0));
    } catch (Lost lost) {
      model.close();
      throw lost;
    } catch (RuntimeException | Error failure) {
      model.close();
      throw new Lost("It failed: " + failure.getMessage());
    }
  }

  @Override
  public double worst() {
    return worst;
  }

  @Override
  public long turn(int times) throws Lost {
    try {
      long start = System.nanoTime();
      for (int i = 0; i < times; i++) {
        predictor.predict(input, work.shape().steps(), work.shape().batch(), null, output);
      }
      return System.nanoTime() - start;
    } catch (RuntimeException failure) {
      throw new Lost("It failed: " + failure.getMessage());
    }
  }

  @Override
  public void close() {
    predictor.close();
    model.close();
  }
}
