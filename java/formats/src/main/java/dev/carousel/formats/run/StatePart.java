package dev.carousel.formats.run;

import dev.carousel.States;
import dev.carousel.spi.runtime.HostMemory;
import dev.carousel.spi.runtime.Room;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** A state vector and the columns of a port that are its own. */
final class StatePart {
  private final String name;
  private final int port; // among the model's inputs, or outputs
  private final int column;
  private final int width;
  private final Room room; // [sequences][width]

  StatePart(String name, int port, int column, int width, int maxBatch) {
    this.name = name;
    this.port = port;
    this.column = column;
    this.width = width;
    room = new Room(HostMemory.allocate(Arena.ofAuto(), 4.0 * maxBatch * width, "The state " + name), 4L * width);
  }

  int port() {
    return port;
  }

  /** Writes what a port holds of it. */
  void write(States states, Bound bound, Pass pass) {
    MemorySegment rows = room.first(pass.count());
    for (int i = 0; i < pass.count(); i++) {
      bound.readRow(column, width, 0, pass.first() + i, rows, i);
    }
    states.write(name, rows);
  }

  /** Reads it to where a port has it, as 0 for sequences without steps if that is wanted. */
  void read(States states, Bound bound, Pass pass, boolean clears) {
    MemorySegment rows = room.first(pass.count());
    states.read(name, rows);
    for (int i = 0; i < pass.count(); i++) {
      if (clears && pass.length(i) == 0) {
        rows.asSlice(4L * i * width, 4L * width).fill((byte) 0);
      }
      bound.writeRow(column, width, rows, i, 0, pass.first() + i);
    }
  }
}
