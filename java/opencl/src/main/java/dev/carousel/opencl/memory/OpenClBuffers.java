package dev.carousel.opencl.memory;

import dev.carousel.opencl.device.OpenedDevice;
import dev.carousel.opencl.driver.Objects;
import dev.carousel.opencl.driver.OpenClException;
import dev.carousel.spi.Buffers;
import dev.carousel.spi.Layout;
import dev.carousel.spi.Slot;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jocl.CL;
import org.jocl.cl_command_queue;
import org.jocl.cl_mem;

/** The buffers of a session on the device, and the queue that all its work goes through, in order. */
public final class OpenClBuffers implements Buffers {
  private static final long CHUNK = 1 << 20; // what is staged is still in the cache when the device fetches it
  private static final long MOST_CHUNKS = 64;
  private static final String TABLES = "the tables of a run";
  private static final String SPARE = "a state's rows in another order";

  private final Objects objects;
  private final Runnable closed;
  private final cl_command_queue queue;
  private final DeviceMemory memory;
  private final Staging staging;
  private final RunTables tables;
  private Arrangement arrangement = (_, _, _, _) -> {
  };

  /** How rows of a state are put in another order on the device; given by whoever has the kernels. */
  @FunctionalInterface
  public interface Arrangement {
    /** Enqueues the copy of a batch's rows from one buffer to the other. */
    void enqueue(Slot state, Layout layout, boolean back, cl_mem spare);
  }

  /**
   * Makes the buffers.
   *
   * @param sizes the bytes of each slot, and of what else kernels need
   * @param closed is run when they have been released
   */
  public OpenClBuffers(OpenedDevice opened, Map<Object, Long> sizes, int maxSteps, int maxBatch, Runnable closed) {
    this.closed = closed;
    objects = new Objects(opened.ledger());
    Map<Object, Long> all = new LinkedHashMap<>(sizes);
    long spare = 4;
    long inputs = 0;
    long widest = 0;
    for (Object key : sizes.keySet()) {
      if (key instanceof Slot slot) {
        spare = Math.max(spare, slot.role() == Slot.Role.STATE ? sizes.get(key) : 0);
        inputs += slot.role() == Slot.Role.INPUT ? sizes.get(key) : 0;
        widest = Math.max(widest, slot.bytes(1, 1));
      }
    }
    all.put(TABLES, RunTables.bytes(maxSteps, maxBatch));
    all.put(SPARE, spare);
    try {
      memory = new DeviceMemory(opened, objects, all,
          "A session for " + maxSteps + " steps of " + maxBatch + " sequences");
      queue = opened.queue(objects);
      long chunk = Math.max(widest, CHUNK);
      staging = new Staging(queue, (int) Math.min(MOST_CHUNKS, 4 + 2 * (inputs / chunk)), chunk,
          opened.profile().waits());
      tables = new RunTables(memory.get(TABLES), staging, maxSteps, maxBatch);
      sizes.keySet().stream().filter(key -> key instanceof Slot slot && slot.role() == Slot.Role.STATE)
          .forEach(key -> clearState((Slot) key, 0, maxBatch));
    } catch (RuntimeException | Error failure) {
      close();
      throw failure;
    }
  }

  /** What all work goes through. */
  public cl_command_queue queue() {
    return queue;
  }

  /** What is released with the buffers. */
  public Objects objects() {
    return objects;
  }

  /** The buffer of a slot, or of what else was asked for. */
  public cl_mem get(Object key) {
    return memory.get(key);
  }

  /** The tables of ragged runs. */
  public RunTables tables() {
    return tables;
  }

  /** Says how states are arranged. */
  public void arrangeBy(Arrangement given) {
    arrangement = given;
  }

  /** Lets the device begin with what it was given. */
  public void flush() {
    OpenClException.check("clFlush", CL.clFlush(queue));
  }

  @Override
  public long bytes() {
    return memory.bytes() + staging.bytes();
  }

  @Override
  public void write(Slot input, Layout layout, MemorySegment source) {
    cl_mem target = get(input);
    if (layout.uniform()) {
      staging.send(source, target, 0);
      return;
    }
    long width = input.bytes(1, 1);
    long offset = 0;
    long filled = 0;
    MemorySegment chunk = staging.free();
    boolean steps = input.extent() == Slot.Extent.STEPS;
    for (int step = 0; step < (steps ? layout.longest() : 1); step++) {
      for (int position = 0; position < (steps ? layout.active(step) : layout.batch()); position++) {
        if (filled + width > chunk.byteSize()) {
          staging.send(target, offset, filled);
          offset += filled;
          filled = 0;
          chunk = staging.free();
        }
        MemorySegment.copy(source, width * ((long) step * layout.batch() + layout.sequence(position)), chunk, filled,
            width);
        filled += width;
      }
    }
    if (filled > 0) {
      staging.send(target, offset, filled);
    }
  }

  @Override
  public void read(Slot output, Layout layout, MemorySegment target) {
    cl_mem source = get(output);
    if (layout.uniform()) {
      staging.fetch(source, 0, target);
      return;
    }
    target.fill((byte) 0); // the padding
    long width = output.bytes(1, 1);
    long rows = output.extent() == Slot.Extent.STEPS ? layout.rows() : layout.active(0);
    long offset = 0;
    long left = 0;
    long at = 0;
    MemorySegment chunk = MemorySegment.NULL;
    for (int step = 0; step < (output.extent() == Slot.Extent.STEPS ? layout.longest() : 1); step++) {
      for (int position = 0; position < layout.active(step); position++) {
        if (left == 0) {
          left = Math.min(staging.chunk() / width, rows - offset) * width;
          chunk = staging.fetch(source, offset * width, left);
          offset += left / width;
          at = 0;
        }
        MemorySegment.copy(chunk, at, target, width * ((long) step * layout.batch() + layout.sequence(position)),
            width);
        at += width;
        left -= width;
      }
    }
  }

  @Override
  public void writeState(Slot state, int row, MemorySegment source) {
    staging.send(source, get(state), state.bytes(1, row));
  }

  @Override
  public void readState(Slot state, int row, MemorySegment target) {
    staging.fetch(get(state), state.bytes(1, row), target);
  }

  @Override
  public void clearState(Slot state, int row, int rows) {
    long end = state.bytes(1, row + rows);
    for (long at = state.bytes(1, row); at < end; at += staging.chunk()) {
      long part = Math.min(staging.chunk(), end - at);
      MemorySegment zeros = staging.free();
      for (long i = 0; i < part; i += 4) { // a slice to fill would be an object a call
        zeros.set(ValueLayout.JAVA_INT, i, 0);
      }
      staging.send(get(state), at, part);
    }
  }

  @Override
  public void arrange(Slot state, Layout layout, boolean back) {
    tables.begin(layout);
    arrangement.enqueue(state, layout, back, memory.get(SPARE));
    if (back) {
      flush();
    }
  }

  @Override
  public void close() {
    if (queue != null) {
      CL.clFinish(queue); // a lost device gives an error, and what it was given is lost as well
    }
    objects.close();
    if (staging != null) {
      staging.close();
    }
    closed.run();
  }
}
