package dev.carousel.spi.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class ReleaseTest {
  private final AtomicInteger freed = new AtomicInteger();
  private final AtomicInteger warned = new AtomicInteger();

  @Test
  void whatIsClosedIsFreedOnceWithoutAWarning() {
    Object owner = new Object();
    Release release = release(owner);
    release.close();
    release.close();
    assertThat(freed).hasValue(1);
    assertThat(warned).hasValue(0);
    assertThat(owner).isNotNull();
  }

  @Test
  void whatIsForgottenIsFreedWithAWarning() throws InterruptedException {
    release(new Object());
    for (int attempt = 0; freed.get() == 0 && attempt < 200; attempt++) {
      System.gc();
      Thread.sleep(20);
    }
    assertThat(freed).hasValue(1);
    assertThat(warned).hasValue(1);
  }

  private Release release(Object owner) {
    return new Release(owner, () -> {
      warned.incrementAndGet();
      return "";
    }, freed::incrementAndGet);
  }
}
