package dev.carousel.cli.console;

import java.util.Locale;

/** A call that cannot be carried out as it was made; the message says what was wrong with it and what would be right. */
public final class WrongCall extends RuntimeException {
  private static final long serialVersionUID = 1;

  private WrongCall(String message) {
    super(message);
  }

  /** With values in its text. */
  public static WrongCall of(String format, Object... values) {
    return new WrongCall(String.format(Locale.ROOT, format, values));
  }

  /** Throws if it does not hold. */
  public static void check(boolean holds, String format, Object... values) {
    if (!holds) {
      throw of(format, values);
    }
  }
}
