package dev.carousel.cli.verify;

import dev.carousel.cli.verify.DeviceResult.Standing;
import dev.carousel.spi.form.Legible;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A verification for a terminal: a table, a line a device and a column a family, then a line for each failure. */
final class VerificationText {
  private final Verification all;
  private final PrintWriter out;

  private VerificationText(Verification all, PrintWriter out) {
    this.all = all;
    this.out = out;
  }

  static void print(Verification all, PrintWriter out) {
    VerificationText text = new VerificationText(all, out);
    text.table();
    text.faults();
    out.println(line(all.verdict()));
    out.flush();
  }

  private void table() {
    if (all.asked().isEmpty()) {
      return;
    }
    List<String> families = List.copyOf(all.subjects().keySet());
    List<List<String>> rows = new ArrayList<>();
    List<String> head = new ArrayList<>(List.of("device", "", "pass", "fail", "unsup.", "worst"));
    head.addAll(families);
    head.add("seconds");
    rows.add(head);
    for (DeviceResult result : all.asked()) {
      Tally tally = result.tally();
      List<String> row = new ArrayList<>(List.of(line(result.device().id()), result.standing().word(),
          Integer.toString(tally.passed()), Integer.toString(tally.failed()), Integer.toString(tally.unsupported()),
          Units.text(tally.worst())));
      Map<String, List<Answer>> answers = Verification.byFamily(result);
      families.forEach(family -> row.add(cell(Tally.of(answers.getOrDefault(family, List.of())))));
      row.add(String.format(Locale.ROOT, "%.1f", result.seconds()));
      rows.add(row);
    }
    out.println(all.title() + ", " + all.questions().size() + (all.questions().size() == 1 ? " case" : " cases")
        + "; errors in units of the tolerance, of which 1 is just allowed");
    out.println();
    print(rows);
    out.println();
  }

  /** The worst error of a family, or what else is to be known first. */
  private static String cell(Tally tally) {
    if (tally.answers() == 0) {
      return "not run";
    }
    return tally.failed() > 0 ? tally.failed() + " wrong"
        : tally.passed() == 0 ? "unsup."
            : Units.text(tally.worst()) + (tally.unsupported() > 0 ? " (" + tally.unsupported() + " unsup.)" : "");
  }

  /** The first two columns to the left, the others to the right. */
  private void print(List<List<String>> rows) {
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int column = 0; column < row.size(); column++) {
        int at = column;
        int width = rows.stream().mapToInt(other -> other.get(at).length()).max().orElse(0);
        String cell = row.get(column);
        String space = " ".repeat(width - cell.length());
        line.append(column < 2 ? cell + space : space + cell).append("  ");
      }
      out.println(line.toString().stripTrailing());
    }
  }

  private void faults() {
    for (DeviceResult result : all.devices()) {
      result.broken().ifPresent(reason -> out.println(line(result.device().id()) + " broke down: " + line(reason)));
      for (Answer answer : result.failures()) {
        out.println(
            line(result.device().id()) + "  " + answer.question().path() + ": " + line(answer.outcome().message()));
      }
    }
    for (DeviceResult result : all.standing(Standing.UNAVAILABLE)) {
      out.println(line(result.device().id()) + " is not available: " + line(result.device().unavailable().orElse("")));
    }
    if (all.devices().size() > all.standing(Standing.RIGHT).size()) {
      out.println();
    }
  }

  /** In one line. */
  private static String line(String text) {
    return Legible.message(text.strip().replaceAll("\\s*\\R\\s*", " "));
  }
}
