package dev.carousel.opencl.memory;

import dev.carousel.opencl.device.OpenedDevice;
import dev.carousel.opencl.driver.Objects;
import dev.carousel.opencl.driver.OpenClException;
import dev.carousel.spi.Buffers;
import dev.carousel.spi.Layout;
import dev.carousel.spi.form.Axis;
import dev.carousel.spi.form.Slot;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jocl.CL;
import org.jocl.cl_command_queue;
import org.jocl.cl_mem;

/** The buffers of a session on the device, and the queue that all its work goes through, in order. */
public final class OpenClBuffers implements Buffers {
  private static final int PIECE = 1 << 16;
  private static final String TABLES = "the tables of a run";
  private static final String SPARE = "a state's rows in another order";

  private final Objects objects;
  private final Runnable closed;
  private final cl_command_queue queue;
  private final DeviceMemory memory;
  private final Transfer transfer;
  private final RunTables tables;
  private Arrangement arrangement = (_, _, _) -> {};

  /** How rows of a state are put in another order on the device; given by whoever has the kernels. */
  @FunctionalInterface
  public interface Arrangement {
    /** Enqueues the copy of a batch's rows to {@link #spare}, and from there back in the other order. */
    void enqueue(Slot state, Layout layout, boolean back);
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
    Set<Axis> axes = new LinkedHashSet<>(Set.of(Axis.RUN));
    for (Object key : sizes.keySet()) {
      if (key instanceof Slot slot) {
        state = Math.max(state, slot.role() == Slot.Role.STATE ? slot.bytes(maxSteps, maxBatch) : 0);
        row = Math.max(row, slot.rowBytes());
        axes.add(slot.axis());
      }
    }
    all.put(TABLES, RunTables.bytes(axes, maxSteps, maxBatch));
    all.put(SPARE, state);
    // JOCL gives out no more than 2 GiB of shared memory at a time.
    boolean shared = opened.profile().shared() && all.values().stream().allMatch(size -> size <= Integer.MAX_VALUE);
    if (!shared) {
      all.put(StagedTransfer.ZEROS, state);
    }
    try {
      memory = new DeviceMemory(opened, objects, all, shared,
          "A session for " + maxSteps + " steps of " + maxBatch + " sequences");
      queue = opened.queue(objects);
      transfer = shared ? new SharedTransfer(queue, memory) : new StagedTransfer(queue, memory, row, state);
      tables = new RunTables(memory.get(TABLES), rows -> transfer.send(TABLES, 0, rows), axes, maxSteps, maxBatch);
      sizes.keySet().stream().filter(key -> key instanceof Slot slot && slot.role() == Slot.Role.STATE)
          .forEach(key -> clearState((Slot) key, 0, maxBatch));
    } catch (RuntimeException | Error failure) {
      close();
      throw failure;
    }
  }

  /** Sets a buffer to 0, which new ones are not. */
  public void clear(Object key, long bytes) {
    MemorySegment zeros = MemorySegment.ofArray(new byte[PIECE]);
    for (long at = 0; at < bytes; at += PIECE) {
      transfer.send(key, at, zeros.asSlice(0, Math.min(PIECE, bytes - at)));
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

  /** Room for the rows of a state. */
  public cl_mem spare() {
    return memory.get(SPARE);
  }

  /** The bytes of a buffer. */
  public long size(Object key) {
    return memory.size(key);
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
    transfer.enqueued();
    OpenClException.check("clFlush", CL.clFlush(queue));
  }

  @Override
  public long bytes() {
    return memory.bytes() + transfer.bytes();
  }

  @Override
  public void write(Slot input, Layout layout, MemorySegment source) {
    transfer.in(input, layout, source);
  }

  @Override
  public void read(Slot output, Layout layout, MemorySegment target) {
    transfer.out(output, layout, target);
  }

  @Override
  public void writeState(Slot state, int row, MemorySegment source) {
    transfer.send(state, state.bytes(1, row), source);
  }

  @Override
  public void readState(Slot state, int row, MemorySegment target) {
    transfer.fetch(state, state.bytes(1, row), target);
  }

  @Override
  public void clearState(Slot state, int row, int rows) {
    transfer.clear(state, state.bytes(1, row), state.bytes(1, rows));
  }

  @Override
  public void arrange(Slot state, Layout layout, boolean back) {
    tables.begin(layout);
    transfer.enqueued();
    arrangement.enqueue(state, layout, back);
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
    if (transfer != null) {
      transfer.close();
    }
    closed.run();
  }
}
