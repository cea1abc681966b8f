package dev.carousel.cli.verify;

import dev.carousel.cli.page.Markup;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The map of errors: a row a subject, a column a device. From exact to what is just allowed the fields get darker by the
 * logarithm of the worst error; what is wrong has another colour and a mark.
 */
final class HeatMap {
  private static final double DECADES = 2; // below a hundredth of the tolerance all look the same

  private final Markup page;
  private final Verification all;
  private final List<Map<String, List<Answer>>> answers = new ArrayList<>(); // by device, then family and subject

  private HeatMap(Markup page, Verification all) {
    this.page = page;
    this.all = all;
    for (DeviceResult result : all.asked()) {
      Map<String, List<Answer>> fields = new HashMap<>();
      result.answers().forEach(answer -> fields
          .computeIfAbsent(key(answer.question().family(), answer.question().subject()), _ -> new ArrayList<>())
          .add(answer));
      answers.add(fields);
    }
  }

  private static String key(String family, String subject) {
    return family + "/" + subject;
  }

  static void add(Markup page, Verification all) {
    new HeatMap(page, all).add();
  }

  private void add() {
    page.open("section").element("h2", "Worst errors").open("p", "class", "note")
        .text("In units of the tolerance, of which 1 is just allowed: the worst of all cases of a kind.").closeLine();
    legend();
    page.open("div", "class", "wide").open("table", "class", "heat").open("thead").open("tr").element("td", "");
    all.asked().forEach(result -> page.open("th", "scope", "col").id(result.device().id()).close());
    page.close().closeLine();
    all.subjects().forEach((family, subjects) -> {
      page.open("tbody").open("tr").element("th", family, "class", "family", "colspan",
          Integer.toString(all.asked().size() + 1)).closeLine();
      subjects.forEach(subject -> row(family, subject));
      page.closeLine();
    });
    page.close().close().closeLine();
  }

  private void row(String family, String subject) {
    page.open("tr").element("th", subject, "scope", "row");
    for (int device = 0; device < answers.size(); device++) {
      DeviceResult result = all.asked().get(device);
      List<Answer> given = answers.get(device).getOrDefault(key(family, subject), List.of());
      List<Question> questions = all.questions().stream()
          .filter(question -> question.family().equals(family) && question.subject().equals(subject)).toList();
      field(result, questions, given);
    }
    page.closeLine();
  }

  private void field(DeviceResult result, List<Question> questions, List<Answer> given) {
    Tally tally = Tally.of(given);
    int missing = questions.size() - given.size();
    boolean fatal = missing > 0 && questions.get(given.size()).equals(fatal(result));
    String about = result.device().id() + ": " + tally.passed() + " passed, " + tally.failed() + " failed, "
        + tally.unsupported() + " unsupported" + (missing > 0 ? ", " + missing + " not answered" : "");
    if (tally.failed() > 0 || fatal) {
      field("over", about, "✕ " + (fatal ? "broke"
          : tally.worst().orElse(0) > 1 ? Units.text(tally.worst())
              : tally.failed() + " of " + given.size()),
          "");
    } else if (given.isEmpty()) {
      field("none", about, "not run", "");
    } else if (tally.passed() == 0) {
      field("unsupported", about, "n/a", "");
    } else {
      double worst = tally.worst().orElse(0);
      field((tally.unsupported() > 0 || missing > 0 ? "partly " : "") + (worst == 0 ? "exact" : "within"), about,
          tally.worst().isEmpty() ? "✓" : Units.text(worst), style(worst));
    }
  }

  /** The question that a device broke down at. */
  private Question fatal(DeviceResult result) {
    return result.broken().isPresent() && result.answers().size() < all.questions().size()
        ? all.questions().get(result.answers().size())
        : new Question("", "", "");
  }

  private void field(String kind, String about, String text, String style) {
    if (style.isEmpty()) {
      page.element("td", text, "class", kind, "title", about);
    } else {
      page.element("td", text, "class", kind, "title", about, "style", style);
    }
  }

  private static String style(double worst) {
    double shade = worst == 0 ? 0 : Math.clamp(1 + Math.log10(worst) / DECADES, 0, 1);
    return String.format(Locale.ROOT, "--shade:%.2f", shade);
  }

  private void legend() {
    page.open("p", "class", "legend").open("span", "class", "scale").element("span", "exact", "class", "exact");
    for (String units : List.of("0.01", "0.03", "0.1", "0.3", "1")) {
      page.element("span", units, "class", "within", "style", style(Double.parseDouble(units)));
    }
    page.element("span", "✕ above 1, wrong", "class", "over").close();
    page.open("span").element("span", "n/a", "class", "unsupported").text(" unsupported").close();
    page.open("span").element("span", ".2", "class", "partly within", "style", style(0.2))
        .text(" some unsupported or not run")
        .close();
    page.closeLine();
  }
}
