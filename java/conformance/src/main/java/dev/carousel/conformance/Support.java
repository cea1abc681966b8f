package dev.carousel.conformance;

import dev.carousel.spi.Backend;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The text that says what each device runs: a section a device, a row a family and feature. */
public final class Support {
  private static final String HEAD = """
      # Support

      What the conformance suite found, by device. Generated: run the back end's tests with `-Dcarousel.support=write`.
      """;
  private static final Pattern SECTION = Pattern.compile("(?m)^## (.+)\\n((?:(?!## ).*\\n)*)");

  private Support() {}

  /** The section of a device. */
  public static String section(Map<Case, Outcome> outcomes) {
    Map<String, Map<Outcome.Kind, Integer>> rows = new LinkedHashMap<>();
    outcomes.forEach((one, outcome) -> rows.computeIfAbsent(row(one), _ -> new EnumMap<>(Outcome.Kind.class))
        .merge(outcome.kind(), 1, Integer::sum));
    StringBuilder text = new StringBuilder("\n| family | of | pass | fail | unsupported |\n|---|---|---|---|---|\n");
    rows.forEach((name, counts) -> text.append(String.format(Locale.ROOT, "| %s | %d | %d | %d |\n", name,
        counts.getOrDefault(Outcome.Kind.PASS, 0), counts.getOrDefault(Outcome.Kind.FAIL, 0),
        counts.getOrDefault(Outcome.Kind.UNSUPPORTED, 0))));
    return text.toString();
  }

  /** The family and the first word of the name: {@code layer | lstm}. */
  private static String row(Case one) {
    Matcher word = Pattern.compile("[a-z]+").matcher(one.name());
    return one.family().name().toLowerCase(Locale.ROOT) + " | " + (word.find() ? word.group() : one.name());
  }

  /** A device's section in the text; empty if it has none. */
  public static String section(String text, String device) {
    return sections(text).getOrDefault(device, "");
  }

  /** The text with a device's section replaced or added; sections stand in the order of device ids. */
  public static String with(String text, String device, String section) {
    Map<String, String> sections = sections(text);
    sections.put(device, section);
    StringBuilder all = new StringBuilder(HEAD);
    sections.forEach((name, body) -> all.append("\n## ").append(name).append('\n').append(body));
    return all.toString();
  }

  /**
   * How a file differs from what was found on a device, and what to do; empty where it does not. With
   * {@code -Dcarousel.support=write} the file is made to say it.
   */
  public static String difference(Path file, String device, String section) throws IOException {
    String text = Files.exists(file) ? Files.readString(file) : "";
    if ("write".equals(System.getProperty("carousel.support"))) {
      Files.writeString(file, with(text, device, section));
      return "";
    }
    return section(text, device).equals(section) ? ""
        : file + " does not say what was found on " + device + ". If that is right, run the tests with"
            + " -Dcarousel.support=write and commit it. Found:\n" + section;
  }

  private static Map<String, String> sections(String text) {
    Map<String, String> sections = new TreeMap<>();
    Matcher matcher = SECTION.matcher(text);
    while (matcher.find()) {
      sections.put(matcher.group(1), matcher.group(2).stripTrailing() + "\n");
    }
    return sections;
  }

  /** The outcomes of all cases on a device, in order. */
  public static Map<Case, Outcome> run(List<Case> cases, Backend backend,
      Backend reference) {
    Map<Case, Outcome> outcomes = new LinkedHashMap<>();
    cases.forEach(one -> outcomes.put(one, one.run(backend, reference)));
    return outcomes;
  }
}
