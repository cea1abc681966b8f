package dev.carousel.spi.runtime;

import java.lang.System.Logger.Level;
import java.lang.ref.Cleaner;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/** What is freed once: when it is closed, or, with a warning, when nothing refers to its owner any more. */
public final class Release implements AutoCloseable {
  private static final Cleaner CLEANER = Cleaner.create();

  private final AtomicBoolean asked = new AtomicBoolean();
  private final Cleaner.Cleanable cleanable;

  /**
   * Frees when the owner has gone.
   *
   * @param owner what is held while anything is in use; neither of the others may refer to it
   * @param forgotten what to say when it goes without having been closed; empty: nothing
   * @param free frees
   */
  public Release(Object owner, Supplier<String> forgotten, Runnable free) {
    AtomicBoolean closed = asked; // this refers to nothing, but may be a part of the owner
    cleanable = CLEANER.register(owner, () -> {
      String warning = closed.get() ? "" : forgotten.get();
      if (!warning.isEmpty()) {
        System.getLogger(Release.class.getName()).log(Level.WARNING, warning);
      }
      free.run();
    });
  }

  /** Frees now; harmless the second time. */
  @Override
  public void close() {
    asked.set(true);
    cleanable.clean();
  }
}
