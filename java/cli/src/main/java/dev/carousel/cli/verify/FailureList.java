package dev.carousel.cli.verify;

import dev.carousel.cli.page.Markup;
import java.util.List;

/** Every failure: the case, what was wrong, and the call that reproduces just that. */
final class FailureList {
  private FailureList() {}

  static void add(Markup page, Verification all) {
    List<DeviceResult> faulty = all.devices().stream()
        .filter(result -> result.broken().isPresent() || !result.failures().isEmpty()).toList();
    if (faulty.isEmpty()) {
      return;
    }
    page.open("section", "class", "failures").element("h2", "Failures").verbatim("\n");
    for (DeviceResult result : faulty) {
      page.open("h3").open("code").id(result.device().id()).close();
      if (!result.failures().isEmpty()) {
        page.text(" ").element("span", result.failures().size() + " of " + result.answers().size(), "class", "count");
      }
      page.closeLine();
      page.open("ol");
      result.broken().ifPresent(reason -> page.open("li").element("strong", "Broke down").element("p", reason)
          .element("pre", again(all, result)).closeLine());
      result.failures().forEach(answer -> failure(page, all, result, answer));
      page.closeLine();
    }
    page.closeLine();
  }

  private static void failure(Markup page, Verification all, DeviceResult result, Answer answer) {
    page.open("li").open("strong").open("code").id(answer.question().path()).close().close();
    page.element("p", answer.outcome().message()).element("pre",
        all.calls().reproducing(result, answer.question())).closeLine();
  }

  /** The case that it broke down at is the first that it has no answer to. */
  private static String again(Verification all, DeviceResult result) {
    int answered = result.answers().size();
    return answered < all.questions().size() ? all.calls().reproducing(result, all.questions().get(answered))
        : all.calls().line();
  }
}
