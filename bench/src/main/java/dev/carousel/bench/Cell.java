package dev.carousel.bench;

import dev.carousel.Gru;
import dev.carousel.Layer;
import dev.carousel.Lstm;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** A cell that every engine has: the LSTM, or the GRU that resets after the product. */
enum Cell {
  LSTM, GRU;

  static Cell of(String name) {
    return Arrays.stream(values()).filter(cell -> cell.name().toLowerCase(Locale.ROOT).equals(name)).findFirst()
        .orElseThrow(() -> new IllegalArgumentException("A cell is lstm or gru, and '" + name + "' is neither."));
  }

  /** The gates of a unit. */
  int gates() {
    return onnxOrder().size();
  }

  /** Which of Carousel's gates ONNX wants, in ONNX's order: i,o,f,c of i,f,g,o; z,r,h of r,z,n. */
  List<Integer> onnxOrder() {
    return switch (this) {
      case LSTM -> List.of(0, 3, 1, 2);
      case GRU -> List.of(1, 0, 2);
    };
  }

  /** Carousel's layer. */
  Layer layer(int inputs, int hidden, boolean both) {
    return switch (this) {
      case LSTM -> both ? Lstm.of(inputs, hidden).bidirectional() : Lstm.of(inputs, hidden);
      case GRU -> both ? Gru.of(inputs, hidden).bidirectional() : Gru.of(inputs, hidden);
    };
  }
}
