package dev.carousel;

import static dev.carousel.spi.form.Check.argument;

import dev.carousel.spi.Backend;
import dev.carousel.spi.CompileOptions;
import dev.carousel.spi.Device;
import dev.carousel.spi.Executable;
import dev.carousel.spi.Order;
import dev.carousel.spi.runtime.Release;
import java.lang.System.Logger.Level;
import java.util.List;

/** A network with its weights, compiled for a device. Shared by threads; each makes its own {@link Predictor}. */
public final class Model implements AutoCloseable {
  private final Network network;
  private final Backend backend;
  private final Executable executable;
  private final Release release;

  private Model(Network network, Backend backend, Executable executable) {
    this.network = network;
    this.backend = backend;
    this.executable = executable;
    release = new Release(this, () -> "A model of " + executable.bytes() + " bytes for " + backend.device().id()
        + " was never closed; it is freed now that nothing refers to it. Close models.", () -> {
          executable.close();
          backend.close();
        });
  }

  /** Compiles for a device, with as many threads as the JVM has processors. */
  public static Model compile(Network network, Weights weights, Device device) {
    return compile(network, weights, device, CompileOptions.defaults());
  }

  /** Compiles for a device. The weights are copied. */
  public static Model compile(Network network, Weights weights, Device device, CompileOptions options) {
    Lowered lowered = network.lower();
    var parameters = lowered.parameters(weights);
    Backend backend = Devices.open(device);
    try {
      List<String> unsupported = backend.unsupported(lowered.program(), options);
      argument(unsupported.isEmpty(),
          "%s cannot run this network: %s Use another device, or reference, which runs all.",
          device.id(), String.join(" ", unsupported));
      Model model = new Model(network, backend, backend.compile(lowered.program(), options, parameters));
      System.getLogger(Model.class.getName()).log(Level.DEBUG, "Compiled {0} nodes for {1}, {2}, {3} threads.",
          network.nodes().size(), device.id(), device.description(), options.threads());
      return model;
    } catch (RuntimeException | Error failure) {
      backend.close();
      throw failure;
    }
  }

  /** What it computes. */
  public Network network() {
    return network;
  }

  /** What it runs on. */
  public Device device() {
    return backend.device();
  }

  /** The bytes that its weights take. */
  public long bytes() {
    return executable.bytes();
  }

  /** A predictor for time-major data, {@code [steps][batch][width]}. */
  public Predictor newPredictor(int maxSteps, int maxBatch) {
    return newPredictor(maxSteps, maxBatch, Order.TIME_MAJOR);
  }

  /** A predictor with buffers for up to so many steps of so many sequences. */
  public Predictor newPredictor(int maxSteps, int maxBatch, Order order) {
    return new Predictor(this, executable.program(), executable.newSession(maxSteps, maxBatch, order), maxSteps,
        maxBatch);
  }

  /**
   * Frees the weights; predictors of this model fail from then on. Harmless the second time. Where a call is running, this
   * may be refused with an IllegalStateException and tried again.
   */
  @Override
  public void close() {
    executable.close(); // alone, since it may refuse
    release.close();
  }
}
