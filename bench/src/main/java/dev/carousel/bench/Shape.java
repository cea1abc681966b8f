package dev.carousel.bench;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * What is run: a stack of layers of one cell, and the size of its batch.
 *
 * @param directions of each layer, 1 or 2
 * @param mean of the sequences' lengths as a part of the steps; 1 where all have all steps
 */
record Shape(String name, Cell cell, int steps, int batch, int inputs, int hidden, int layers, int directions,
    double mean) {
  private static final String MEAN = "mean=";
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9-]+"); // it becomes a file's name

  Shape {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException("A shape's name has letters, digits and -, and '" + name + "' is not one.");
    }
    if (Math.min(Math.min(steps, batch), Math.min(inputs, hidden)) < 1 || layers < 1 || directions < 1
        || directions > 2 || !(mean > 0 && mean <= 1)) {
      throw new IllegalArgumentException("Shape " + name + " is out of range: sizes are at least 1, directions 1 or 2,"
          + " the mean above 0 and at most 1.");
    }
  }

  /** A line of a file of shapes: {@code name cell steps batch inputs hidden layers directions [mean=0.43]}. */
  static Shape parse(String line) {
    String[] words = line.trim().split("\\s+", -1);
    boolean ragged = words.length == 9 && words[8].startsWith(MEAN);
    if (words.length != 8 && !ragged) {
      throw new IllegalArgumentException("A shape is 'name cell steps batch inputs hidden layers directions"
          + " [mean=0.43]', and this line is '" + line + "'.");
    }
    try {
      int[] sizes = IntStream.range(2, 8).map(i -> Integer.parseInt(words[i])).toArray();
      double mean = ragged ? Double.parseDouble(words[8].substring(MEAN.length())) : 1;
      return new Shape(words[0], Cell.of(words[1]), sizes[0], sizes[1], sizes[2], sizes[3], sizes[4], sizes[5], mean);
    } catch (NumberFormatException _) {
      throw new IllegalArgumentException("A shape's sizes are numbers, and this line is '" + line + "'.");
    }
  }

  /** The same with a batch of another size. */
  Shape withBatch(int rows) {
    return new Shape(name, cell, steps, rows, inputs, hidden, layers, directions, mean);
  }

  /** The names of a layer's directions, as in the names of its tensors. */
  List<String> directionNames() {
    return directions == 2 ? List.of("forward", "reverse") : List.of("forward");
  }

  /** The width of the rows that a layer reads. */
  int inputs(int layer) {
    return layer == 0 ? inputs : outputs();
  }

  /** The width of the rows that each layer gives. */
  int outputs() {
    return directions * hidden;
  }

  boolean ragged() {
    return mean < 1;
  }

  /** The multiplications and additions of the matrix products over so many valid steps of all sequences. */
  long operations(long validSteps) {
    long perStep = 0;
    for (int layer = 0; layer < layers; layer++) {
      perStep += 2L * (inputs(layer) + hidden) * cell.gates() * hidden * directions;
    }
    return Math.multiplyExact(validSteps, perStep);
  }

  /** What it is in words: "LSTM, 2 layers, both directions, 30 steps of 32 rows, 100 inputs, 256 hidden". */
  String words() {
    return cell + (layers == 1 ? "" : ", " + layers + " layers") + (directions == 1 ? "" : ", both directions") + ", "
        + count(steps, "step") + " of " + count(batch, "row")
        + (ragged() ? " (mean length " + Math.round(100 * mean) + " %)" : "") + ", " + count(inputs, "input") + ", "
        + hidden + " hidden";
  }

  private static String count(int number, String noun) {
    return number + " " + noun + (number == 1 ? "" : "s");
  }

  @Override
  public String toString() {
    return name + ": " + words();
  }
}
