package dev.carousel.formats.data;

import dev.carousel.spi.form.Legible;
import java.util.Collection;
import java.util.stream.Collectors;

/** Names in messages: a file may have any number of them, and a message is read by people. */
public final class Names {
  private static final int MOST = 20;
  private static final int LONGEST = 100; // characters of one

  private Names() {}

  /** A name as a message has it. */
  public static String one(String name) {
    return Legible.text(name, LONGEST);
  }

  /** The first of them, and how many more there are. */
  public static String some(Collection<String> names) {
    String shown = names.stream().limit(MOST).map(Names::one).collect(Collectors.joining(", "));
    return names.isEmpty() ? "none" : names.size() <= MOST ? shown : shown + " and " + (names.size() - MOST) + " more";
  }
}
