package dev.carousel.cli.verify;

import dev.carousel.cli.page.Markup;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** How long each device took, as a bar, and what most of it went into. */
final class TimeTable {
  private static final int NAMED = 3;

  private TimeTable() {}

  static void add(Markup page, Verification all) {
    page.open("section").element("h2", "Time").open("p", "class", "note")
        .text("The reference’s share, and the start of a process of its own, included. Cases are small and most of them"
            + " run once: this is no measure of speed, for which there is carousel bench.")
        .closeLine();
    double longest = all.asked().stream().mapToDouble(DeviceResult::seconds).max().orElse(0);
    page.open("table", "class", "time").open("tbody").verbatim("\n");
    for (DeviceResult result : all.asked()) {
      page.open("tr").open("th", "scope", "row").element("code", result.device().id()).close();
      String width = String.format(Locale.ROOT, "%.1f", longest == 0 ? 0 : 100 * result.seconds() / longest);
      page.open("td", "class", "bar").open("svg", "viewBox", "0 0 100 10", "preserveAspectRatio", "none", "role", "img",
          "aria-label", seconds(result.seconds())).empty("rect", "width", width, "height", "10").close().close();
      page.element("td", seconds(result.seconds()), "class", "number").element("td", families(result), "class", "what");
      page.closeLine();
    }
    page.close().close().closeLine();
  }

  private static String families(DeviceResult result) {
    Map<String, List<Answer>> families = Verification.byFamily(result);
    List<String> names = new ArrayList<>(families.keySet());
    names.sort((one, other) -> Double.compare(time(families, other), time(families, one)));
    return String.join(", ", names.stream().limit(NAMED)
        .map(name -> name + " " + seconds(time(families, name))).toList());
  }

  private static double time(Map<String, List<Answer>> families, String name) {
    return Tally.of(families.getOrDefault(name, List.of())).seconds();
  }

  private static String seconds(double seconds) {
    return String.format(Locale.ROOT, seconds < 9.95 ? "%.1f s" : "%.0f s", seconds);
  }
}
