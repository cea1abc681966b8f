package dev.carousel.formats.keras;

import dev.carousel.formats.data.FormatException;
import dev.carousel.spi.form.Activation;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The version of Keras that wrote a file: {@code 2.15.0}, {@code 2.2.4-tf}, {@code 3.8.0}. */
record KerasVersion(String text, int major, int minor) {
  private static final Pattern NUMBERS = Pattern.compile("(\\d{1,4})(?:\\.(\\d{1,4}))?.*");

  static KerasVersion of(String text) throws FormatException {
    Matcher matcher = NUMBERS.matcher(text);
    FormatException.check(matcher.matches(), "The file says that it was written by Keras %s, which is no version.",
        text);
    String minor = matcher.group(2);
    int major = Integer.parseInt(matcher.group(1));
    FormatException.check(major >= 1 && major <= 3, "The file was written by Keras %s; files of Keras 1, 2 and 3 are"
        + " read. Load the model there and save it again.", text);
    return new KerasVersion(text, major, minor == null ? 0 : Integer.parseInt(minor));
  }

  /** The function that it calls hard_sigmoid. */
  Activation hardSigmoid() {
    return Activation.Kind.HARD_SIGMOID.of(major < 3 ? 0.2f : 1f / 6, 0.5f);
  }

  /** Whether the padding that Bidirectional returns is 0: in TensorFlow's Keras, not in the one before it. */
  boolean bidirectionalPaddingIsZero() {
    return major > 2 || minor > 3 || text.endsWith("-tf");
  }
}
