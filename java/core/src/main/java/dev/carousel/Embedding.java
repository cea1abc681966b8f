package dev.carousel;

import java.util.List;

/** The look-up of a row for each index; stands first in a network, whose input is then indices. */
public record Embedding(int vocabulary, int outputs) implements Layer {
  public Embedding {
    LayerCheck.size("Embedding", "rows", vocabulary);
    LayerCheck.size("Embedding", "outputs", outputs);
  }

  /** A table of so many rows of such a width. */
  public static Embedding of(int vocabulary, int width) {
    return new Embedding(vocabulary, width);
  }

  @Override
  public int inputs() {
    return 1;
  }

  @Override
  public List<Tensor.Shape> tensors() {
    return List.of(new Tensor.Shape("table", vocabulary, outputs));
  }
}
