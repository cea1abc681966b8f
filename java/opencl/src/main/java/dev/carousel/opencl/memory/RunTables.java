package dev.carousel.opencl.memory;

import dev.carousel.spi.Layout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.function.Consumer;
import org.jocl.cl_mem;

/** What kernels have to know of a ragged run, on the device: {@code [active][first][length][order]}. */
public final class RunTables {
  private final cl_mem buffer;
  private final MemorySegment host; // [2 * maxSteps + 2 * maxBatch] of ints
  private final Consumer<MemorySegment> sender;
  private final int maxSteps;
  private final int maxBatch;
  private long sent; // the run whose tables are on the device

  RunTables(cl_mem buffer, Consumer<MemorySegment> sender, int maxSteps, int maxBatch) {
    this.buffer = buffer;
    this.sender = sender;
    this.maxSteps = maxSteps;
    this.maxBatch = maxBatch;
    host = MemorySegment.ofArray(new int[2 * maxSteps + 2 * maxBatch]);
  }

  static long bytes(int maxSteps, int maxBatch) {
    return 8L * maxSteps + 8L * maxBatch;
  }

  /** Where they are. */
  public cl_mem buffer() {
    return buffer;
  }

  /** Where the active sequences of each step begin: at the start. */
  public int active() {
    return 0;
  }

  /** Where the first rows of each step begin. */
  public int first() {
    return maxSteps;
  }

  /** Where the lengths at each position begin. */
  public int length() {
    return 2 * maxSteps;
  }

  /** Where the caller's rows of each position begin. */
  public int order() {
    return 2 * maxSteps + maxBatch;
  }

  /** Sends them, once a run, where lengths differ; to be called before any kernel of a run that reads them. */
  public void begin(Layout layout) {
    if (sent == layout.run() || layout.uniform()) {
      return;
    }
    for (int step = 0; step < layout.steps(); step++) {
      host.setAtIndex(ValueLayout.JAVA_INT, active() + step, layout.active(step));
      host.setAtIndex(ValueLayout.JAVA_INT, first() + step, layout.first(step));
    }
    for (int position = 0; position < layout.batch(); position++) {
      host.setAtIndex(ValueLayout.JAVA_INT, length() + position, layout.length(position));
      host.setAtIndex(ValueLayout.JAVA_INT, order() + position, layout.sequence(position));
    }
    sender.accept(host);
    sent = layout.run();
  }
}
