package dev.carousel;

import dev.carousel.spi.form.Scan;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A layer that carries a state from step to step. */
public sealed interface Recurrent extends Layer permits Rnn, Lstm, Gru {

  /** The units of a direction. */
  int hidden();

  /** The direction or directions. */
  Directions directions();

  /** Whether it adds a bias. */
  boolean bias();

  /** The gates of a unit. */
  int gates();

  /** The width of the hidden state of a direction, which is also what a direction returns. */
  default int width() {
    return hidden();
  }

  @Override
  default int outputs() {
    return directions() == Directions.CONCAT ? 2 * width() : width();
  }

  /** The tensors that only this cell has, for one direction. */
  List<Tensor.Shape> cellTensors();

  @Override
  default List<Tensor.Shape> tensors() {
    List<Tensor.Shape> tensors = new ArrayList<>();
    int rows = gates() * hidden();
    for (Scan.Direction direction : directions().scans()) {
      String prefix = direction.name().toLowerCase(Locale.ROOT);
      tensors.add(new Tensor.Shape("input", rows, inputs()).within(prefix));
      tensors.add(new Tensor.Shape("recurrent", rows, width()).within(prefix));
      if (bias()) {
        tensors.add(new Tensor.Shape("bias", 1, rows).within(prefix));
      }
      cellTensors().forEach(shape -> tensors.add(shape.within(prefix)));
    }
    return List.copyOf(tensors);
  }
}
