package dev.carousel.cli.bench;

import dev.carousel.Model;
import dev.carousel.Predictor;
import dev.carousel.conformance.Finding;
import dev.carousel.spi.Device;
import java.lang.foreign.MemorySegment;
import java.util.Map;

/** A contestant in this process. */
final class Here implements Contestant {
  private final Work work;
  private final Model model;
  private final Predictor predictor;
  private final Map<String, MemorySegment> inputs;
  private final Map<String, MemorySegment> outputs;
  private final double worst;

  private Here(Work work, Model model, Predictor predictor, Map<String, MemorySegment> inputs,
      Map<String, MemorySegment> outputs, double worst) {
    this.work = work;
    this.model = model;
    this.predictor = predictor;
    this.inputs = inputs;
    this.outputs = outputs;
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
      Map<String, MemorySegment> inputs = work.inputs();
      MemorySegment room = work.rows().room();
      Map<String, MemorySegment> outputs = work.rows().outputs(room);
      predictor.predict(inputs, work.shape().steps(), work.shape().batch(), null, outputs);
      Finding finding = work.compare(expected, room);
      if (!finding.right()) {
        predictor.close();
        throw new Lost("It is wrong: " + finding.fault() + ".");
      }
      return new Here(work, model, predictor, inputs, outputs, finding.worst().orElse(0));
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
        predictor.predict(inputs, work.shape().steps(), work.shape().batch(), null, outputs);
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
