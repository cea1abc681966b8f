package dev.carousel;

import static dev.carousel.spi.form.Check.argument;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Named tensors, immutable. The names and shapes that a network needs are {@link Network#tensors()}. */
public final class Weights {
  private final Map<String, Tensor> tensors;

  private Weights(Map<String, Tensor> tensors) {
    this.tensors = new LinkedHashMap<>(tensors);
  }

  /** These tensors, by name. */
  public static Weights of(Map<String, Tensor> tensors) {
    return new Weights(tensors);
  }

  /** Fresh weights for training or for trying out, the same for the same seed. */
  public static Weights seeded(Network network, Initialisation initialisation, long seed) {
    return new Weights(new Seeding(initialisation, seed).tensors(network));
  }

  /** The names, in order. */
  public Collection<String> names() {
    return List.copyOf(tensors.keySet());
  }

  /** A tensor by name. */
  public Tensor tensor(String name) {
    Tensor tensor = tensors.get(name);
    argument(tensor != null, "Tensor %s was asked for, and these weights have %s.", name, tensors.keySet());
    return Objects.requireNonNull(tensor);
  }

  /** These weights with a tensor added or replaced. */
  public Weights with(String name, Tensor tensor) {
    Map<String, Tensor> changed = new LinkedHashMap<>(tensors);
    changed.put(name, tensor);
    return new Weights(changed);
  }

  /** Throws an IllegalArgumentException that lists what is missing, superfluous or of the wrong shape. */
  void check(Network network) {
    List<String> faults = new ArrayList<>();
    Map<String, Tensor> rest = new LinkedHashMap<>(tensors);
    for (Tensor.Shape shape : network.tensors()) {
      Tensor tensor = rest.remove(shape.name());
      if (tensor == null) {
        faults.add(shape + " is missing");
      } else if (tensor.rows() != shape.rows() || tensor.columns() != shape.columns()) {
        faults.add(shape + " is needed and [" + tensor.rows() + "," + tensor.columns() + "] was given");
      }
    }
    rest.keySet().forEach(name -> faults.add(name + " is not used"));
    argument(faults.isEmpty(), "The weights do not fit the network: %s. Give just what Network.tensors() lists.",
        String.join("; ", faults));
  }
}
