package dev.carousel.spi;

import dev.carousel.spi.form.Slot;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * The memory of a session on its device: everything but parameters. Between runs STATE stands in the caller's order of
 * sequences; inside a run it stands in the layout's. Arguments have been checked.
 */
public interface Buffers extends AutoCloseable {
  /** The bytes of all buffers. */
  long bytes();

  /** Where a slot stands, if that may be lent to the caller; else null. */
  default @Nullable MemorySegment memory(Slot slot) {
    return null;
  }

  /** Brings an INPUT in, packed as the layout says. The source may be longer than the run's rows. */
  void write(Slot input, Layout layout, MemorySegment source);

  /** Brings an OUTPUT out, unpacked as the layout says, padding 0; waits until it is there. */
  void read(Slot output, Layout layout, MemorySegment target);

  /** Brings rows of a STATE in. */
  void writeState(Slot state, int row, MemorySegment source);

  /** Brings rows of a STATE out; waits until they are there. */
  void readState(Slot state, int row, MemorySegment target);

  /** Sets rows of a STATE to 0. */
  void clearState(Slot state, int row, int rows);

  /** Puts the rows of a STATE from the caller's order into the layout's, or back. */
  void arrange(Slot state, Layout layout, boolean back);

  @Override
  void close();
}
