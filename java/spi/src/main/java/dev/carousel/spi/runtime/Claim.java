package dev.carousel.spi.runtime;

import java.lang.ref.Reference;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The right to use something that belongs to one thread at a time: {@code try (Claim _ = claim.take())}.
 *
 * <p>A thread can run out of stack or of memory anywhere, also on the way to giving a claim back. So nothing is called
 * after a claim was taken, giving it back needs less stack than taking it did, and what a claim's own thread or one that
 * has ended still holds may be taken anew: nothing calls back into a call, so that one was cut short.
 */
public final class Claim implements AutoCloseable {
  private final AtomicReference<@Nullable Object> holder = new AtomicReference<>(); // a thread; itself when ended
  private final String name;
  private final Object kept;

  /**
   * A claim on something.
   *
   * @param name what it is, as a message shows it: {@code "predictor"}
   * @param kept what must not be taken for forgotten while anybody can use this
   */
  public Claim(String name, Object kept) {
    this.name = name;
    this.kept = kept;
  }

  /** Takes it; throws IllegalStateException if it is in use or was ended. */
  public Claim take() {
    if (!pass(Thread.currentThread())) {
      throw new IllegalStateException("This " + name + " is " + (ended()
          ? "closed. Make a new one."
          : "in use by another thread; it belongs to one at a time. Give each thread its own."));
    }
    return this;
  }

  /** Gives it back. */
  @Override
  public void close() {
    try {
      holder.set(null);
    } finally {
      Reference.reachabilityFence(kept);
    }
  }

  /** Ends it for good; false if it was ended before. Throws IllegalStateException if it is in use. */
  public boolean end() {
    boolean passed = pass(this);
    if (!passed && !ended()) {
      throw new IllegalStateException(
          "This " + name + " is in use by another thread. Close it again when that thread's call has returned.");
    }
    return passed;
  }

  /** Whether it was ended. */
  boolean ended() {
    return holder.get() == this;
  }

  /** Passes it on to the next holder, from nobody or from a call that was cut short; false if somebody else has it. */
  private boolean pass(Object next) {
    Object found = holder.compareAndExchange(null, next);
    return found == null
        || (found instanceof Thread thread && (thread.equals(Thread.currentThread()) || !thread.isAlive())
            && holder.compareAndSet(found, next));
  }
}
