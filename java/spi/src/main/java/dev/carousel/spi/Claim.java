package dev.carousel.spi;

import java.util.concurrent.atomic.AtomicReference;

/** The right to use something that belongs to one thread at a time: {@code try (Claim _ = claim.take())}. */
public final class Claim implements AutoCloseable {
  private enum State { FREE, TAKEN, ENDED }

  private final AtomicReference<State> state = new AtomicReference<>(State.FREE);
  private final String name;

  /** A claim on something of this name, as a message shows it: {@code "predictor"}. */
  public Claim(String name) {
    this.name = name;
  }

  /** Takes it; throws IllegalStateException if it is in use or was ended. */
  public Claim take() {
    State found = state.compareAndExchange(State.FREE, State.TAKEN);
    refuse(found == State.TAKEN, "in use by another thread; it belongs to one at a time. Give each thread its own.");
    refuse(found == State.ENDED, "closed. Make a new one.");
    return this;
  }

  /** Gives it back. */
  @Override
  public void close() {
    state.set(State.FREE);
  }

  /** Ends it for good; false if it was ended before. Throws IllegalStateException if it is in use. */
  public boolean end() {
    State found = state.compareAndExchange(State.FREE, State.ENDED);
    refuse(found == State.TAKEN, "in use by another thread. Close it when that is done.");
    return found == State.FREE;
  }

  private void refuse(boolean refused, String why) {
    if (refused) {
      throw new IllegalStateException("This " + name + " is " + why);
    }
  }
}
