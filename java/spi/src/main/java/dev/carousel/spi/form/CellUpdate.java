package dev.carousel.spi.form;

import org.jspecify.annotations.Nullable;

/**
 * The element-by-element part of a cell: from pre-activations and the previous state to the next state.
 *
 * <p>Pre-activations are clipped to [-clip, clip] first; an infinite clip is none. Gates stand side by side, each as
 * wide as the hidden vector: LSTM {@code i f g o} (coupled: {@code i g o}), GRU {@code r z n}. The new hidden vector
 * goes to {@code hidden} and, where given, also to {@code out}, the sequence that the layer returns.
 */
public sealed interface CellUpdate extends Operation {
  /** The bound that clips nothing. */
  float NO_CLIP = Float.POSITIVE_INFINITY;

  /** The bound of the pre-activations. */
  float clip();

  /** {@code hidden = activation(gates)}. */
  record Rnn(View gates, View hidden, @Nullable View out, Activation activation, float clip) implements CellUpdate {
    public Rnn {
      check("rnn", gates, 1, hidden, out, clip);
    }
  }

  /**
   * The LSTM: {@code cell = f * cell + i * g; hidden = o * output(cell)}.
   *
   * @param cell the cell state, read and written
   * @param peephole rows p_i, p_f, p_o (coupled: p_i, p_o) of weights on the cell state, or null for none; i and f see
   *          the old state, o the new one
   * @param coupled whether the forget gate is 1 - i
   * @param gate the activation of i, f and o
   * @param candidate the activation of g
   * @param output the activation of the cell state on its way out
   */
  record Lstm(View gates, View cell, @Nullable Slot peephole, View hidden, @Nullable View out, boolean coupled,
      Activation gate, Activation candidate, Activation output, float clip) implements CellUpdate {
    public Lstm {
      check("lstm", gates, coupled ? 3 : 4, hidden, out, clip);
      Check.writable("lstm", cell);
      Check.columns("lstm", cell, hidden.columns());
      if (peephole != null) {
        Check.parameter("lstm", peephole, coupled ? 2 : 3, hidden.columns());
      }
      Check.argument(!cell.overlaps(hidden) && !cell.overlaps(gates) && (out == null || !cell.overlaps(out)),
          "lstm is to keep its cell state in %s, which it also uses for another vector. Give each its own.", cell);
    }
  }

  /** The reset of a GRU that resets before its recurrent product: {@code out = r * hidden}; gates is r alone. */
  record GruReset(View gates, View hidden, View out, Activation gate, float clip) implements CellUpdate {
    public GruReset {
      check("gru_reset", gates, 1, out, null, clip);
      Check.mapping("gru_reset", hidden, out);
    }
  }

  /**
   * The GRU: {@code hidden = (1 - z) * n + z * hidden}.
   *
   * <p>With {@code recurrent} the reset comes after the product: r and z are made of the sums of both, and
   * {@code n = candidate(gates_n + r * recurrent_n)}. Without, {@code gates} holds the complete pre-activations and r
   * has been used by a {@link GruReset} before.
   *
   * @param recurrent the products with the hidden state, biases included, or null
   * @param hidden the hidden state, read and written
   * @param gate the activation of r and z
   * @param candidate the activation of n
   */
  record Gru(View gates, @Nullable View recurrent, View hidden, @Nullable View out, Activation gate,
      Activation candidate, float clip) implements CellUpdate {
    public Gru {
      check("gru", gates, 3, hidden, out, clip);
      if (recurrent != null) {
        Check.readable("gru", recurrent);
        Check.columns("gru", recurrent, gates.columns());
        Check.argument(!recurrent.overlaps(hidden) && (out == null || !recurrent.overlaps(out)),
            "gru is to read %s, which it also writes.", recurrent);
      }
    }
  }

  private static void check(String name, View gates, int count, View hidden, @Nullable View out, float clip) {
    Check.readable(name, gates);
    Check.writable(name, hidden);
    Check.columns(name, gates, Math.multiplyExact(count, hidden.columns()));
    Check.argument(!gates.overlaps(hidden), "%s reads %s and writes %s, which share elements.", name, gates, hidden);
    if (out != null) {
      Check.writable(name, out);
      Check.columns(name, out, hidden.columns());
      Check.argument(!out.overlaps(hidden) && !out.overlaps(gates), "%s is to return %s, which it uses.", name, out);
    }
    Check.argument(clip > 0, "%s is to clip at %s: a bound is above 0, or infinite for none.", name, clip);
  }
}
