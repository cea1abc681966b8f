package dev.carousel.spi;

import java.util.concurrent.atomic.AtomicInteger;

/** The right to use something that belongs to one thread at a time: {@code try (Claim _ = claim.take())}. */
public final class Claim implements AutoCloseable {
  private static final int FREE = 0;
  private static final int TAKEN = 1;
  private static final int ENDED = 2;

  private final AtomicInteger state = new AtomicInteger(FREE);
  private final String name;

  /** A claim on something of this name, as a message shows it: {@code "predictor"}. */
  public Claim(String name) {
    this.name = name;
  }

  /** Takes it; throws IllegalStateException if it is in use or was ended. */
  public Claim take() {
    int found = state.compareAndExchange(FREE, TAKEN);
    refuse(found == TAKEN, "in use by another thread, and it belongs to one at a time. Give each thread its own.");
    refuse(found == ENDED, "closed. Make a new one.");
    return this;
  }

  /** Gives it back. */
  @Override
  public void close() {
    state.set(FREE);
  }

  /** Ends it for good; false if it was ended before. Throws IllegalStateException if it is in use. */
  public boolean end() {
    int found = state.compareAndExchange(FREE, ENDED);
    refuse(found == TAKEN, "in use by another thread. Close it when that is done.");
    return found == FREE;
  }

  private void refuse(boolean refused, String why) {
    if (refused) {
      throw new IllegalStateException("This " + name + " is " + why);
    }
  }
}
