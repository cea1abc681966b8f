package dev.carousel.opencl.driver;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.ToIntFunction;

/** Objects of OpenCL that live and die together: released in the order opposite to that in which they were made. */
public final class Objects implements AutoCloseable {
  private final Ledger ledger;
  private final Deque<Runnable> releases = new ArrayDeque<>();

  /** None yet; they are counted in the ledger. */
  public Objects(Ledger ledger) {
    this.ledger = ledger;
  }

  /** Where they are counted. */
  public Ledger ledger() {
    return ledger;
  }

  /** Takes over what a call made, or throws what it failed with. */
  public <T> T own(T made, int[] code, String call, ToIntFunction<T> release) {
    OpenClException.check(call, code[0]);
    ledger.made();
    releases.push(() -> {
      int _ = release.applyAsInt(made); // a lost device gives an error, and there is nothing left to do about it
      ledger.released();
    });
    return made;
  }

  /** Releases all; harmless the second time. */
  @Override
  public void close() {
    while (!releases.isEmpty()) {
      releases.pop().run();
    }
  }
}
