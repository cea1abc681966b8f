package dev.carousel.opencl.driver;

import java.util.concurrent.atomic.AtomicInteger;

/** Counts who holds on to something; the last one lets it go. Whoever makes it holds it first. */
public final class Holders {
  private final AtomicInteger count = new AtomicInteger(1);
  private final Runnable last;

  /** What is to be done when nobody holds it any more. */
  public Holders(Runnable last) {
    this.last = last;
  }

  /** Takes hold; false where it is gone. */
  public boolean hold() {
    return count.getAndUpdate(holders -> holders == 0 ? 0 : holders + 1) > 0;
  }

  /** Lets go. */
  public void release() {
    if (count.decrementAndGet() == 0) {
      last.run();
    }
  }
}
