package dev.carousel.formats.data;

import java.util.Collection;
import java.util.stream.Collectors;

/** Names in messages: a file may have any number of them, and a message is read by people. */
public final class Names {
  private static final int MOST = 20;

  private Names() {}

  /** The first of them, and how many more there are. */
  public static String some(Collection<String> names) {
    String shown = names.stream().limit(MOST).collect(Collectors.joining(", "));
    return names.isEmpty() ? "none" : names.size() <= MOST ? shown : shown + " and " + (names.size() - MOST) + " more";
  }
}
