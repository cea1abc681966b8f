package dev.carousel.formats.data;

import dev.carousel.spi.form.Legible;
import java.io.IOException;

/**
 * A file that is damaged, or holds what Carousel does not run; the message names the place and what would be needed. It
 * is {@link Legible}, whatever the file says.
 */
public final class FormatException extends IOException {
  private static final long serialVersionUID = 1;

  /** Says what was wrong. */
  public FormatException(String message) {
    super(Legible.message(message));
  }

  /** Says what was wrong, and which library said so first. */
  public FormatException(String message, Throwable cause) {
    super(Legible.message(message), cause);
  }

  /** Throws if it does not hold. */
  public static void check(boolean holds, String format, Object... values) throws FormatException {
    if (!holds) {
      throw of(format, values);
    }
  }

  /** With values in its text. */
  public static FormatException of(String format, Object... values) {
    return new FormatException(Legible.format(format, values));
  }
}
