package dev.carousel.spi;

import dev.carousel.spi.form.Slot;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * The buffers of one stream of runs: {@link #begin}, {@link #write} every input, {@link #forward}, {@link #read}. A
 * session belongs to one thread at a time. STATE carries over from run to run; each sequence of the batch owns a row.
 *
 * <p>Data is f32 or i32, {@code [steps][batch][columns]}, or {@code [batch][steps][columns]} where the session was made
 * for that order, or {@code [batch][columns]}, on the heap or off it, and is copied. Rows past a sequence's end are not looked at in inputs and are 0 in outputs; so are all outputs of a sequence
 * of length 0, whose state stays as it is. Nothing is allocated between begin and the last read.
 *
 * <p>A wrong call throws before it changes anything: IllegalArgumentException for what is passed, IllegalStateException
 * for when and from where. A run that fails midway leaves only close.
 */
public interface Session extends AutoCloseable {
  /**
   * Sets the shape of the next run.
   *
   * @param lengths the valid steps of each sequence, 0 to steps, one for each of the batch; null: all have all steps
   */
  void begin(int steps, int batch, int @Nullable [] lengths);

  /** Copies an INPUT in. */
  void write(Slot input, MemorySegment source);

  /** Runs the Program; may return before it is done. */
  void forward();

  /** Copies an OUTPUT out, when the run is done. */
  void read(Slot output, MemorySegment target);

  /** Copies rows of a STATE in, from {@code row} on, as many as the source holds. */
  void writeState(Slot state, int row, MemorySegment source);

  /** Copies rows of a STATE out, from {@code row} on, as many as the target holds. */
  void readState(Slot state, int row, MemorySegment target);

  /**
   * Where an INPUT or OUTPUT stands, null on a device, and where its order is another one. In a run without lengths write and read copy nothing there. Memory
   * of indices is never lent: they are checked, and must not change after that.
   */
  @Nullable
  MemorySegment memory(Slot slot);

  /** Sets rows of every STATE to 0. */
  void resetState(int row, int rows);

  /** The bytes of all buffers. */
  long bytes();

  /** Frees the buffers; harmless the second time. */
  @Override
  void close();
}
