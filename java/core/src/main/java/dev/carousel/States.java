package dev.carousel;

import static dev.carousel.spi.form.Check.argument;

import dev.carousel.spi.Session;
import dev.carousel.spi.form.Check;
import dev.carousel.spi.form.Slot;
import dev.carousel.spi.runtime.Claim;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The state that a predictor carries: for each sequence a row of each of the named vectors, such as
 * {@code 0.forward.hidden} and {@code 0.forward.cell}.
 */
public final class States {
  private final Session session;
  private final List<Slot> slots;
  private final int maxBatch;
  private final Claim claim;
  private final boolean[] given; // [maxBatch]: written or reset since the row ran last

  States(Session session, List<Slot> slots, int maxBatch, Claim claim) {
    given = new boolean[maxBatch];
    this.session = session;
    this.slots = slots;
    this.maxBatch = maxBatch;
    this.claim = claim;
  }

  /** The names, in the order in which {@link #save} puts their vectors. */
  public List<String> names() {
    return slots.stream().map(Slot::name).toList();
  }

  /** The width of a named vector. */
  public int width(String name) {
    return slot(name).columns();
  }

  /** The width of all vectors of a sequence together. */
  public int width() {
    return slots.stream().mapToInt(Slot::columns).reduce(0, Math::addExact);
  }

  /** Sets all states of all sequences to zero. */
  public void reset() {
    try (Claim _ = claim.take()) {
      clear(0, maxBatch);
    }
  }

  /** Sets states to zero, under the claim of a call. */
  void clear(int row, int rows) {
    session.resetState(row, rows);
    Arrays.fill(given, row, row + rows, true);
  }

  /** The first row that ran since its state was written or reset, or {@code rows}. */
  int firstCarried(int rows) {
    int row = 0;
    while (row < rows && given[row]) {
      row++;
    }
    return row;
  }

  /** These rows have run; one that rests keeps its state. */
  void ran(int rows, int @Nullable [] lengths) {
    for (int row = 0; row < rows; row++) {
      given[row] &= lengths != null && lengths[row] == 0;
    }
  }

  /** Sets all states of a sequence to zero. */
  public void reset(int row) {
    row(row);
    try (Claim _ = claim.take()) {
      clear(row, 1);
    }
  }

  /** Writes a named vector for the first sequences, as many as the values are for. */
  public void write(String name, float[] values) {
    write(name, MemorySegment.ofArray(values));
  }

  /** Writes a named vector for the first sequences, as many as the floats are for. */
  public void write(String name, MemorySegment values) {
    Slot slot = rows(name, values.byteSize());
    try (Claim _ = claim.take()) {
      session.writeState(slot, 0, values);
      Arrays.fill(given, 0, (int) (values.byteSize() / slot.rowBytes()), true);
    }
  }

  /** Reads a named vector of the first sequences, as many as the target is for. */
  public void read(String name, float[] target) {
    read(name, MemorySegment.ofArray(target));
  }

  /** Reads a named vector of the first sequences into floats, as many as the target is for. */
  public void read(String name, MemorySegment target) {
    Slot slot = rows(name, target.byteSize());
    try (Claim _ = claim.take()) {
      session.readState(slot, 0, target);
    }
  }

  /** All vectors of a sequence, one after the other: a stream to put away. */
  public float[] save(int row) {
    float[] saved = new float[width()];
    move(row, saved, session::readState);
    return saved;
  }

  /** Brings a saved stream back, into any row of any predictor of the same network. */
  public void restore(int row, float[] saved) {
    argument(saved.length == width(), "A saved state of %d values was given, and a sequence of this network has %d.",
        saved.length, width());
    move(row, saved, session::writeState);
    given[row] = true;
  }

  /** A transfer of one vector of a sequence. */
  private interface Move {
    void move(Slot slot, int row, MemorySegment vector);
  }

  private void move(int row, float[] saved, Move each) {
    row(row);
    try (Claim _ = claim.take()) {
      long at = 0;
      for (Slot slot : slots) {
        long bytes = slot.rowBytes();
        each.move(slot, row, MemorySegment.ofArray(saved).asSlice(at, bytes));
        at += bytes;
      }
    }
  }

  private Slot slot(String name) {
    for (Slot slot : slots) {
      if (slot.name().equals(name)) {
        return slot;
      }
    }
    throw Check.refusal("State %s was asked for, and these are there: %s.", name, String.join(", ", names()));
  }

  private Slot rows(String name, long bytes) {
    Slot slot = slot(name);
    if (bytes % slot.rowBytes() != 0 || bytes / slot.rowBytes() > maxBatch) {
      throw Check.refusal("State %s was given %d values; a sequence has %d of them, and there are %d sequences.", name,
          bytes / 4, slot.columns(), maxBatch);
    }
    return slot;
  }

  private void row(int row) {
    if (row < 0 || row >= maxBatch) {
      throw Check.refusal("Row %d was asked for, and this predictor has rows 0 to %d.", row, maxBatch - 1);
    }
  }
}
