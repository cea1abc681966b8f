package dev.carousel.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carousel.Tensor;
import java.util.Arrays;
import java.util.stream.IntStream;

/** Numbers with a shape, the last axis side by side. Not written to once it is made. */
final class Block {
  private final int[] shape;
  private final double[] values;

  private Block(int[] shape, double[] values) {
    assertThat(values).as("values of shape %s", Arrays.toString(shape)).hasSize(count(shape, 0));
    this.shape = shape;
    this.values = values;
  }

  static Block of(double[] values, int... shape) {
    return new Block(shape, values);
  }

  static Block of(float[] values, int... shape) {
    return new Block(shape, IntStream.range(0, values.length).mapToDouble(i -> values[i]).toArray());
  }

  /** The shape. */
  int[] shape() {
    return shape.clone();
  }

  int size(int axis) {
    return shape[axis];
  }

  double[] doubles() {
    return values.clone();
  }

  float[] floats() {
    float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }

  int[] ints() {
    return Arrays.stream(values).mapToInt(value -> (int) value).toArray();
  }

  /** What stands at an index of the first axis, which goes away. */
  Block at(int index) {
    int part = count(shape, 1);
    return new Block(Arrays.copyOfRange(shape, 1, shape.length),
        Arrays.copyOfRange(values, index * part, (index + 1) * part));
  }

  /** The first axis cut into groups of {@code height}, and these of them in this order. */
  Block groups(int height, int... order) {
    int part = height * count(shape, 1);
    double[] chosen = new double[order.length * part];
    for (int i = 0; i < order.length; i++) {
      System.arraycopy(values, order[i] * part, chosen, i * part, part);
    }
    int[] size = shape.clone();
    size[0] = order.length * height;
    return new Block(size, chosen);
  }

  /** The first two axes exchanged. */
  Block turned() {
    return exchanged(0);
  }

  /** An axis and the next one exchanged. */
  Block exchanged(int axis) {
    int outer = count(Arrays.copyOf(shape, axis), 0);
    int part = count(shape, axis + 2);
    int[] size = shape.clone();
    size[axis] = shape[axis + 1];
    size[axis + 1] = shape[axis];
    double[] moved = new double[values.length];
    int at = 0;
    for (int o = 0; o < outer; o++) {
      for (int i = 0; i < size[axis]; i++) {
        for (int j = 0; j < size[axis + 1]; j++) {
          System.arraycopy(values, ((o * shape[axis] + j) * shape[axis + 1] + i) * part, moved, at, part);
          at += part;
        }
      }
    }
    return new Block(size, moved);
  }

  /** The same numbers in another shape. */
  Block shaped(int... other) {
    return new Block(other, values);
  }

  /** The sums, in double precision. */
  Block plus(Block other) {
    return new Block(shape, IntStream.range(0, values.length).mapToDouble(i -> values[i] + other.values[i]).toArray());
  }

  /** A tensor of weights; a vector is one row. */
  Tensor tensor() {
    return shape.length == 1 ? Tensor.of(1, shape[0], floats()) : Tensor.of(shape[0], shape[1], floats());
  }

  private static int count(int[] shape, int from) {
    return Arrays.stream(shape, from, shape.length).reduce(1, Math::multiplyExact);
  }
}
