package dev.carousel;

import java.util.List;

/** A layer of a network: data that says what is computed, with {@code with}-like methods that return a changed copy. */
public sealed interface Layer permits Recurrent, Dense, Embedding, Conv, Elementwise, Softmax, Scale, LayerNorm, Merge,
    Concat, Columns, LastStep, FinalState, Pool, WindowPool, SoftmaxSteps, WeightedSum, Repeat, Flatten, Noise {

  /** The width of a row that it takes, of the first where it reads several; 1 for an embedding, which takes an index. */
  int inputs();

  /** The width of a row that it returns. */
  int outputs();

  /** The tensors that it needs, in canonical order, named within the layer. */
  List<Tensor.Shape> tensors();
}
