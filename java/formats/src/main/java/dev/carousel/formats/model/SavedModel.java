package dev.carousel.formats.model;

import dev.carousel.Network;
import dev.carousel.Weights;

/**
 * A model as a file holds it. A signature that does not fit the network is an IllegalArgumentException.
 *
 * @param origin the format, its version and who wrote it, for people: {@code ONNX, opset 14, by pytorch 1.13.0}
 */
public record SavedModel(Network network, Weights weights, Signature signature, String origin) {
  public SavedModel {
    signature.check(network);
  }

  /** The same under other names and in another order. */
  public SavedModel signature(Signature other) {
    return new SavedModel(network, weights, other, origin);
  }
}
