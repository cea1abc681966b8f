package dev.carousel.cli.verify;

import dev.carousel.cli.page.Markup;
import dev.carousel.cli.verify.DeviceResult.Standing;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** The devices: what each is, how it stands, and where it is wrong. */
final class DeviceTable {
  private static final int NAMED = 4; // subjects; the map shows all

  private DeviceTable() {}

  static void add(Markup page, Verification all) {
    page.open("section").element("h2", "Devices").verbatim("\n");
    if (!all.asked().isEmpty()) {
      page.open("table", "class", "devices").open("thead").open("tr");
      page.element("th", "Device").element("th", "Verdict");
      for (String name : List.of("Passed", "Failed", "Unsupported", "Worst error", "Seconds")) {
        page.element("th", name, "class", "number");
      }
      page.close().close().open("tbody").verbatim("\n");
      all.asked().forEach(result -> row(page, result));
      page.close().closeLine();
    }
    List<DeviceResult> missing = all.standing(Standing.UNAVAILABLE);
    if (!missing.isEmpty()) {
      page.element("h3", "Not available").open("dl", "class", "missing");
      missing.forEach(result -> page.open("div").open("dt").open("code").id(result.device().id()).close().close()
          .open("dd").text(result.device().unavailable().orElse("")).close().close());
      page.closeLine();
    }
    page.closeLine();
  }

  private static void row(Markup page, DeviceResult result) {
    Tally tally = result.tally();
    boolean right = result.standing() == Standing.RIGHT;
    page.open("tr", "class", right ? "good" : "bad");
    page.open("th", "scope", "row").open("code").id(result.device().id()).close()
        .element("span", result.device().description(), "class", "what");
    result.broken().ifPresent(reason -> page.element("span", reason, "class", "fault"));
    if (tally.failed() > 0) {
      page.element("span", where(result), "class", "fault");
    }
    page.close();
    page.open("td", "class", "verdict", "data-label", "Verdict").element("span", right ? "✓" : "✕", "class", "mark")
        .text(" " + result.standing().word()).close();
    number(page, "Passed", Integer.toString(tally.passed()), "");
    number(page, "Failed", Integer.toString(tally.failed()), tally.failed() > 0 ? "over" : "");
    number(page, "Unsupported", Integer.toString(tally.unsupported()), "");
    number(page, "Worst error", Units.text(tally.worst()), tally.worst().orElse(0) > 1 ? "over" : "");
    number(page, "Seconds", String.format(Locale.ROOT, "%.1f", result.seconds()), "");
    page.closeLine();
  }

  private static void number(Markup page, String label, String value, String more) {
    page.element("td", value, "class", ("number " + more).strip(), "data-label", label);
  }

  /** The subjects with the most failures. */
  private static String where(DeviceResult result) {
    Map<String, Integer> counts = new TreeMap<>();
    result.failures()
        .forEach(
            answer -> counts.merge(answer.question().family() + " " + answer.question().subject(), 1, Integer::sum));
    List<String> subjects = new ArrayList<>(counts.keySet());
    subjects.sort((one, other) -> counts.getOrDefault(other, 0) - counts.getOrDefault(one, 0));
    String named = String.join(", ", subjects.stream().limit(NAMED)
        .map(subject -> subject + " (" + counts.get(subject) + ")").toList());
    int more = subjects.size() - NAMED;
    return "Wrong in " + named + (more > 0 ? " and " + more + " more" : "") + ".";
  }
}
