package dev.carousel.formats.model;

import dev.carousel.Network;
import dev.carousel.Tensor;
import dev.carousel.Weights;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

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

  /**
   * What stands between some values of the network and others. The first, inputs or nodes, become inputs under their
   * names; the others, outputs or nodes, are its outputs. Inputs that it needs besides are kept; with none to begin from,
   * those are all it has.
   */
  public SavedModel part(Collection<String> from, Collection<String> to) {
    Network part = NetworkPart.of(network, from, to);
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    part.tensors().forEach(shape -> tensors.put(shape.name(), weights.tensor(shape.name())));
    return new SavedModel(part, Weights.of(tensors), signature.part(network, part), "a part of " + origin);
  }
}
