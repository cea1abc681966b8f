package dev.carousel.opencl.driver;

import java.util.concurrent.atomic.AtomicLong;

/** How many objects of OpenCL a back end has made and not released. */
public final class Ledger {
  private final AtomicLong live = new AtomicLong();

  /** None yet. */
  public Ledger() {}

  void made() {
    live.incrementAndGet();
  }

  void released() {
    live.decrementAndGet();
  }

  /** Made and not released. */
  public long live() {
    return live.get();
  }
}
