package dev.carousel.cli.verify;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a process says before it ends badly: of Java's own report of a crash the signal, the frame and where the rest of it
 * is; else the last line.
 */
final class LastWords {
  private static final int LONGEST = 300; // characters of a line
  private static final Pattern SIGNAL = Pattern.compile("(SIG[A-Z]+|EXCEPTION_\\w+|Internal Error) ?\\(.*");

  private String last = "";
  private String signal = "";
  private String frame = "";
  private String file = "";
  private String before = "";

  /** Takes the next line. */
  void add(String line) {
    boolean report = line.startsWith("#");
    String words = (report ? line.substring(1) : line).strip();
    if (report && SIGNAL.matcher(words).matches()) {
      signal = words;
    } else if (report && before.equals("Problematic frame:")) {
      frame = words;
    } else if (report && before.startsWith("An error report file")) {
      file = words;
    } else if (!report && !words.isEmpty()) {
      last = words.length() > LONGEST ? words.substring(0, LONGEST) + "..." : words;
    }
    before = words;
  }

  /** A sentence. */
  Optional<String> sentence() {
    if (!signal.isEmpty()) {
      return Optional.of("Java's report says " + signal + (frame.isEmpty() ? "" : " in " + frame)
          + (file.isEmpty() ? "" : "; the rest of it is in " + file) + ".");
    }
    return last.isEmpty() ? Optional.empty() : Optional.of("Its last words: " + last);
  }
}
