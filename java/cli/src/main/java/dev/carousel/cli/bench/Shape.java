package dev.carousel.cli.bench;

import dev.carousel.Gru;
import dev.carousel.Layer;
import dev.carousel.Lstm;
import dev.carousel.Network;
import dev.carousel.Recurrent;
import dev.carousel.Rnn;
import dev.carousel.cli.console.WrongCall;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * The size of a run: {@code lstm:T=100,B=32,I=256,H=256,D=1,L=1}, or a model's file in place of the cell, which then knows
 * all but the steps and the batch.
 *
 * @param what the cell or the file
 * @param sizes by letter, those that were not given with their usual value
 */
record Shape(String what, Map<String, Integer> sizes) {
  private static final Map<String, Integer> RUN = Map.of("T", 100, "B", 32);
  private static final Map<String, Integer> LAYERS = Map.of("I", 256, "H", 256, "D", 1, "L", 1);
  private static final List<String> CELLS = List.of("lstm", "gru", "rnn");

  Shape {
    sizes = Map.copyOf(sizes);
  }

  /** The shape that a word is. */
  static Shape parse(String word) {
    int colon = word.lastIndexOf(':');
    boolean sized = colon >= 0 && word.substring(colon + 1).matches("(\\w+=[^,/\\\\]*,?)*");
    String what = sized ? word.substring(0, colon) : word;
    Map<String, Integer> sizes = new LinkedHashMap<>(RUN);
    if (CELLS.contains(what)) {
      sizes.putAll(LAYERS);
    }
    String list = sized ? word.substring(colon + 1) : "";
    for (String one : list.isEmpty() ? new String[0] : list.split(",", -1)) {
      int equals = one.indexOf('=');
      String letter = equals < 0 ? one : one.substring(0, equals);
      WrongCall.check(sizes.containsKey(letter), "%s gives %s a size for \"%s\"; it takes %s.", word, what, letter,
          new TreeSet<>(sizes.keySet()));
      sizes.put(letter, size(word, letter, one.substring(equals + 1)));
    }
    WrongCall.check(sizes.getOrDefault("D", 1) <= 2, "%s has %d directions; there are 1 and 2.", word,
        sizes.getOrDefault("D", 1));
    return new Shape(what, sizes);
  }

  private static int size(String word, String letter, String digits) {
    WrongCall.check(digits.matches("[1-9][0-9]{0,6}"), "%s says %s=%s; a size is 1 to 9999999.", word, letter, digits);
    return Integer.parseInt(digits);
  }

  int steps() {
    return size("T");
  }

  int batch() {
    return size("B");
  }

  private int size(String letter) {
    return sizes.getOrDefault(letter, 1);
  }

  /** Whether it names a cell, and so a network of its own. */
  boolean cell() {
    return CELLS.contains(what);
  }

  /** The network of a cell. */
  Network network() {
    List<Layer> layers = new ArrayList<>();
    int width = size("I");
    for (int layer = 0; layer < size("L"); layer++) {
      layers.add(layer(width));
      width = layers.getLast().outputs();
    }
    return Network.of(layers);
  }

  private Recurrent layer(int width) {
    boolean both = size("D") == 2;
    return switch (what) {
      case "gru" -> both ? Gru.of(width, size("H")).bidirectional() : Gru.of(width, size("H"));
      case "rnn" -> both ? Rnn.of(width, size("H")).bidirectional() : Rnn.of(width, size("H"));
      default -> both ? Lstm.of(width, size("H")).bidirectional() : Lstm.of(width, size("H"));
    };
  }

  /** As it is given, with all sizes. */
  @Override
  public String toString() {
    return what + ":" + String.join(",", List.of("T", "B", "I", "H", "D", "L").stream().filter(sizes::containsKey)
        .map(letter -> letter + "=" + size(letter)).toList());
  }
}
