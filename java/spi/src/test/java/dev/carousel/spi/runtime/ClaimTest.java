package dev.carousel.spi.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

final class ClaimTest {
  private final Claim claim = new Claim("lamp", "");

  @Test
  void itIsTakenGivenBackAndEnded() {
    try (Claim taken = claim.take()) {
      assertThat(taken).isSameAs(claim);
    }
    assertThat(claim.end()).isTrue();
    assertThat(claim.end()).isFalse();
    assertThatIllegalStateException().isThrownBy(claim::take).withMessage("This lamp is closed. Make a new one.");
  }

  @Test
  void anotherThreadIsRefusedAndToldToTryAgain() throws InterruptedException {
    CountDownLatch taken = new CountDownLatch(1);
    CountDownLatch enough = new CountDownLatch(1);
    Thread other = Thread.ofPlatform().start(() -> {
      try (Claim _ = claim.take()) {
        taken.countDown();
        await(enough);
      }
    });
    taken.await();
    assertThatIllegalStateException().isThrownBy(claim::take).withMessageContaining("in use by another thread");
    assertThatIllegalStateException().isThrownBy(claim::end)
        .withMessageContainingAll("in use by another thread", "Close it again");
    enough.countDown();
    other.join();
    assertThat(claim.end()).isTrue();
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void whatACallThatWasCutShortHoldsIsFree() throws InterruptedException {
    claim.take();
    assertThat(claim.take()).as("its own thread takes it anew").isSameAs(claim);
    claim.close();
    Thread ended = Thread.ofPlatform().start(claim::take);
    ended.join();
    assertThat(claim.take()).as("a thread that has ended holds nothing").isSameAs(claim);
    claim.close();
    Thread last = Thread.ofPlatform().start(claim::take);
    last.join();
    assertThat(claim.end()).isTrue();
  }
}
