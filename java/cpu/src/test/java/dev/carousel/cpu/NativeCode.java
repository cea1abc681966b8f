package dev.carousel.cpu;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.carousel.cpu.library.CarouselLibrary;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Leaves a test class out, with the reason, where the native code is not in this build. */
public final class NativeCode implements BeforeAllCallback {
  @Override
  public void beforeAll(ExtensionContext context) {
    assumeTrue(CarouselLibrary.problem().isEmpty(), () -> CarouselLibrary.problem().orElse(""));
  }
}
