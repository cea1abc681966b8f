package dev.carousel.formats.model;

import dev.carousel.formats.data.FormatException;
import dev.carousel.spi.form.Activation;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Activations as text, {@code tanh} or {@code hard_sigmoid(0.2,0.5)}, as listings show them. */
final class ActivationText {
  private ActivationText() {}

  static String write(Activation activation) {
    return activation.equals(Activation.IDENTITY) ? "identity" : activation.toString();
  }

  static Activation read(String text, String what) throws FormatException {
    if (text.equals("identity")) {
      return Activation.IDENTITY;
    }
    int bracket = text.indexOf('(');
    String name = bracket < 0 ? text : text.substring(0, bracket);
    FormatException.check(bracket < 0 || text.endsWith(")"),
        "%s is the activation \"%s\", whose bracket is not closed.",
        what, text);
    List<String> constants = bracket < 0
        ? List.of()
        : List.of(text.substring(bracket + 1, text.length() - 1).split(",", 3));
    try {
      float[] values = new float[constants.size()];
      for (int i = 0; i < values.length; i++) {
        values[i] = Float.parseFloat(constants.get(i));
      }
      return kind(name, what).of(values);
    } catch (IllegalArgumentException wrong) {
      throw new FormatException(what + " is the activation \"" + text + "\", which cannot be: " + wrong.getMessage(),
          wrong);
    }
  }

  private static Activation.Kind kind(String name, String what) throws FormatException {
    for (Activation.Kind kind : Activation.Kind.values()) {
      if (kind.name().toLowerCase(Locale.ROOT).equals(name)) {
        return kind;
      }
    }
    throw FormatException.of("%s is the activation \"%s\"; these are known: identity, %s.", what, name,
        String.join(", ", Arrays.stream(Activation.Kind.values()).map(kind -> kind.name().toLowerCase(Locale.ROOT))
            .toList()));
  }
}
