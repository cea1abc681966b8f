package dev.carousel.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;

/**
 * What the engines are to compute: the output of the reference device for some sequences of the batch, spread over it;
 * for all where that takes about a second, and at least for one.
 */
final class Oracle {
  private static final String REFERENCE = "reference";
  private static final long LIMIT = 300_000_000; // operations: about a second of the reference device

  private final int[] rows; // of the batch
  private final float[] output; // [steps][rows][directions * hidden]

  private Oracle(int[] rows, float[] output) {
    this.rows = rows;
    this.output = output;
  }

  static Oracle of(Workload workload, Opener opener) {
    int batch = workload.shape().batch();
    long most = Math.clamp(LIMIT / Math.max(1, workload.operations() / batch), 1, batch);
    int[] rows = IntStream.range(0, (int) most).map(i -> (int) (i * (long) batch / most)).toArray();
    try (Engine engine = opener.open(REFERENCE, workload.rows(rows), 1)) {
      engine.run();
      return new Oracle(rows, engine.output());
    }
  }

  /** The largest difference from an output of the whole batch; infinite where that has another size or no number. */
  double difference(Shape shape, float[] whole) {
    int width = shape.outputs();
    if (whole.length != shape.steps() * shape.batch() * width) {
      return Double.POSITIVE_INFINITY;
    }
    double largest = 0;
    for (int i = 0; i < output.length; i++) {
      int step = i / width / rows.length;
      int row = rows[i / width % rows.length];
      double apart = Math.abs((double) whole[(step * shape.batch() + row) * width + i % width] - output[i]);
      largest = Double.isNaN(apart) ? Double.POSITIVE_INFINITY : Math.max(largest, apart);
    }
    return largest;
  }

  /** Keeps it for another process: the number of rows, the rows, the output. */
  void write(Path path) throws IOException {
    byte[] file = new byte[4 * (1 + rows.length + output.length)];
    ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putInt(rows.length);
    bytes.asIntBuffer().put(rows);
    bytes.position(4 * (1 + rows.length)).asFloatBuffer().put(output);
    Files.write(path, file);
  }

  static Oracle read(Path file) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    int[] rows = new int[bytes.getInt()];
    bytes.asIntBuffer().get(rows);
    float[] output = new float[bytes.capacity() / 4 - 1 - rows.length];
    bytes.position(4 * (1 + rows.length)).asFloatBuffer().get(output);
    return new Oracle(rows, output);
  }
}
