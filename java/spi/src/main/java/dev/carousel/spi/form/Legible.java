package dev.carousel.spi.form;

import java.util.Locale;

/**
 * Text that people read, perhaps on a terminal, whatever has gone into it: one line of a bounded length, in which a
 * character that is not shown, or that would change how others are, stands as its number. That is a control character
 * or a mark of direction, an end of a line, half a character. A text that is too long loses its middle, since a message
 * begins with what was asked and ends with what to do.
 */
public final class Legible {
  /** Characters of a message. */
  public static final int MESSAGE = 1000;
  private static final int VALUE = 400; // of one value in a message, so that the rest of it is seen
  private static final String CUT = "...";

  private Legible() {}

  /** A message with values, none of which takes the room of the others. */
  public static String format(String format, Object... values) {
    Object[] shown = new Object[values.length];
    for (int i = 0; i < values.length; i++) {
      shown[i] = values[i] instanceof Number number ? number : text(String.valueOf(values[i]), VALUE);
    }
    return message(String.format(Locale.ROOT, format, shown));
  }

  /** A message that is put together already. */
  public static String message(String text) {
    return text(text, MESSAGE);
  }

  /** A text of at most so many characters. */
  public static String text(String text, int most) {
    String shown = text.length() > most ? text : shown(text);
    if (shown.length() <= most) {
      return shown;
    }
    int end = (most - CUT.length()) / 3;
    int begin = most - CUT.length() - end;
    String first = shown(text.substring(0, Math.min(begin, text.length())));
    String last = shown(text.substring(Math.max(0, text.length() - end)));
    int to = Math.min(begin, first.length());
    int from = Math.max(0, last.length() - end);
    return first.substring(0, splits(first, to) ? to - 1 : to) + CUT
        + last.substring(splits(last, from) ? from + 1 : from);
  }

  /** Whether an index lies between the halves of a character. */
  private static boolean splits(String text, int at) {
    return at > 0 && at < text.length() && Character.isSurrogatePair(text.charAt(at - 1), text.charAt(at));
  }

  private static String shown(String text) {
    StringBuilder shown = new StringBuilder(text.length());
    text.codePoints().forEach(character -> {
      if (isShown(character)) {
        shown.appendCodePoint(character);
      } else {
        for (char half : Character.toChars(character)) {
          shown.append(String.format(Locale.ROOT, "\\u%04x", (int) half));
        }
      }
    });
    return shown.toString();
  }

  /** Whether a character is shown as itself, and changes nothing of what stands around it. */
  public static boolean isShown(int character) {
    return switch (Character.getType(character)) {
      case Character.CONTROL, Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE ->
        false;
      default -> true;
    };
  }
}
