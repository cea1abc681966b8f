package dev.carousel.opencl.memory;

import dev.carousel.opencl.device.OpenedDevice;
import dev.carousel.opencl.driver.Objects;
import dev.carousel.opencl.driver.OpenClException;
import dev.carousel.spi.Buffers;
import dev.carousel.spi.Layout;
import dev.carousel.spi.Slot;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jocl.CL;
import org.jocl.cl_command_queue;
import org.jocl.cl_mem;

/** The buffers of a session on the device, and the queue that all its work goes through, in order. */
public final class OpenClBuffers implements Buffers {
  private static final String TABLES = "the tables of a run";
  private static final String ZEROS = "a state's zeros";
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
    long state = 4; // the bytes of the largest
    long row = 0;
    for (Object key : sizes.keySet()) {
      if (key instanceof Slot slot) {
        state = Math.max(state, slot.role() == Slot.Role.STATE ? slot.bytes(maxSteps, maxBatch) : 0);
        row = Math.max(row, slot.bytes(1, 1));
      }
    }
    all.put(TABLES, RunTables.bytes(maxSteps, maxBatch));
    all.put(SPARE, state);
    all.put(ZEROS, state);
    try {
      memory = new DeviceMemory(opened, objects, all,
          "A session for " + maxSteps + " steps of " + maxBatch + " sequences");
      queue = opened.queue(objects);
      staging = new Staging(queue, row);
      tables = new RunTables(memory.get(TABLES), staging, maxSteps, maxBatch);
      for (long at = 0; at < state; at += staging.bytes()) { // the piece is still as it was allocated, all zeros
        staging.send(memory.get(ZEROS), at, Math.min(staging.bytes(), state - at));
      }
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
    boolean steps = input.extent() == Slot.Extent.STEPS;
    for (int step = 0; step < (steps ? layout.longest() : 1); step++) {
      for (int position = 0; position < (steps ? layout.active(step) : layout.batch()); position++) {
        if (filled + width > staging.bytes()) {
          staging.send(target, offset, filled);
          offset += filled;
          filled = 0;
        }
        MemorySegment.copy(source, width * ((long) step * layout.batch() + layout.sequence(position)), staging.piece(),
            filled, width);
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
    boolean steps = output.extent() == Slot.Extent.STEPS;
    long end = width * (steps ? layout.rows() : layout.active(0));
    long fetched = 0;
    long at = 0; // of all rows; fetched is where the piece ends
    long begin = 0; // and this is where it begins
    for (int step = 0; step < (steps ? layout.longest() : 1); step++) {
      for (int position = 0; position < layout.active(step); position++) {
        if (at == fetched) {
          begin = at;
          fetched = Math.min(end, at + staging.bytes() / width * width);
          staging.fetch(source, begin, fetched - begin);
        }
        MemorySegment.copy(staging.piece(), at - begin, target,
            width * ((long) step * layout.batch() + layout.sequence(position)), width);
        at += width;
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
    if (rows > 0) {
      OpenClException.check("clEnqueueCopyBuffer", CL.clEnqueueCopyBuffer(queue, memory.get(ZEROS), get(state), 0,
          state.bytes(1, row), state.bytes(1, rows), 0, null, null));
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
