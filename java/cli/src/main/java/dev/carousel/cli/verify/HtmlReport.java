package dev.carousel.cli.verify;

import dev.carousel.cli.page.Markup;
import dev.carousel.cli.page.Style;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * A verification as one file for a browser: what is to be known first, then the devices, the map of errors, the time, and
 * every failure with the call that reproduces it. It needs nothing beside itself, no scripts either.
 */
final class HtmlReport {
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("d MMMM yyyy, HH:mm", Locale.ENGLISH)
      .withZone(ZoneOffset.UTC);

  private final Verification all;
  private final Markup page = new Markup();

  private HtmlReport(Verification all) {
    this.all = all;
  }

  static String of(Verification all) {
    return new HtmlReport(all).page();
  }

  private String page() {
    page.verbatim("<!DOCTYPE html>\n").open("html", "lang", "en").open("head").empty("meta", "charset", "utf-8")
        .empty("meta", "name", "viewport", "content", "width=device-width, initial-scale=1")
        .empty("meta", "name", "color-scheme", "content", "light dark")
        .element("title", "Carousel: " + all.title() + " – " + all.verdict())
        .open("style").verbatim(Style.sheet()).close().closeLine();
    page.open("body").open("main").verbatim("\n");
    head();
    DeviceTable.add(page, all);
    if (!all.asked().isEmpty()) {
      HeatMap.add(page, all);
      TimeTable.add(page, all);
    }
    FailureList.add(page, all);
    reading();
    page.closeLine().close().close();
    return page + "\n";
  }

  private void head() {
    page.open("header").open("p", "class", "kicker").text("Carousel " + all.version() + " · ").text(all.title())
        .closeLine();
    page.open("h1", "class", all.right() ? "good" : "bad").element("span", all.right() ? "✓" : "✕", "class", "mark")
        .text(" " + all.verdict()).closeLine();
    page.open("p", "class", "lead").text(summary()).closeLine();
    page.open("dl", "class", "facts");
    fact("Processor", all.machine().processor() + ", " + all.machine().processors()
        + (all.machine().processors() == 1 ? " processor" : " processors") + ", " + all.machine().architecture());
    fact("System", all.machine().system());
    fact("Java", all.machine().java());
    fact("Time", TIME.format(all.when()) + " UTC");
    page.open("div").element("dt", "Call").open("dd").element("code", all.calls().line()).close().close();
    page.closeLine().closeLine();
  }

  private void fact(String name, String value) {
    page.open("div").element("dt", name).element("dd", value).close();
  }

  private String summary() {
    int cases = all.questions().size();
    long failures = all.devices().stream().mapToLong(result -> result.failures().size()).sum();
    int asked = all.asked().size();
    return cases + (cases == 1 ? " case" : " cases") + " on " + asked + (asked == 1 ? " device" : " devices")
        + ", each answer held to the reference within one formula of tolerance: " + (failures == 0
            ? "no answer is wrong."
            : failures == 1 ? "one answer is wrong." : failures + " answers are wrong.")
        + missing();
  }

  /** How many answers there are not, where a device broke down. */
  private String missing() {
    long missing = all.asked().stream().mapToLong(result -> all.questions().size() - result.answers().size()).sum();
    return missing == 0 ? "" : missing == 1 ? " One was not given." : " " + missing + " were not given.";
  }

  private void reading() {
    page.open("section").element("h2", "How to read this").open("p")
        .text(
            """
                The reference is pure Java with sums in double, and has been held to PyTorch and onnxruntime. An answer may \
                differ from it by ε · (8 + 2√n) · max(1, |expected|), where ε is the distance from 1 to the next float and n \
                the number of products added up on the way from input to output. The worst error is in units of that: 1 is just \
                allowed, and what is above is wrong. Exact means the same number everywhere. Where a back end promises the same \
                bits, as for a batch in another order, nothing but that is allowed.""")
        .closeLine();
    page.open("p")
        .text("A case is a short program with data drawn from its name, so that the call beside a failure runs"
            + " on the same numbers on any machine.")
        .closeLine();
    page.closeLine();
  }
}
