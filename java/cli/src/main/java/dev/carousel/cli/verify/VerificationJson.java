package dev.carousel.cli.verify;

import dev.carousel.formats.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A verification as JSON. Members are added from version to version, and none is renamed or taken away.
 *
 * <ul>
 * <li>{@code carousel}: the version; {@code when}: the start, in UTC; {@code machine}: system, architecture, processor,
 * processors, java
 * <li>{@code title}: what devices were held to; {@code model}: its file, or null; {@code command}: the call that asks the
 * same; {@code right}: whether no device is wrong or broken
 * <li>{@code devices}: of each id, description, standing (right, wrong, broken, unavailable), unavailable and broken (the
 * reason, or null), seconds, passed, failed, unsupported, worst; families, each with family, passed, failed, unsupported,
 * worst, seconds; and failures, each with case, message, worst and the command that reproduces it
 * <li>{@code cases}: of each case, family, subject, and its outcomes by device id, each with outcome (pass, fail,
 * unsupported), worst, and a message where there is one
 * </ul>
 *
 * <p>Each worst is the largest error in units of the tolerance, of which 1 is just allowed: a number, {@code "infinite"},
 * or null where no numbers were compared.
 */
final class VerificationJson {
  private VerificationJson() {}

  static Json of(Verification all) {
    return Json.object("carousel", all.version(), "when", all.when().toString(), "machine", all.machine().json(),
        "title", all.title(), "model", all.calls().model(), "command", all.calls().line(), "right", all.right(),
        "devices",
        all.devices().stream().map(result -> device(all, result)).toList(), "cases", cases(all));
  }

  private static Json device(Verification all, DeviceResult result) {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("id", result.device().id());
    members.put("description", result.device().description());
    members.put("standing", result.standing().word());
    members.put("unavailable", result.device().unavailable());
    members.put("broken", result.broken());
    counts(members, result.tally());
    members.put("seconds", result.seconds());
    List<Json> families = new ArrayList<>();
    Verification.byFamily(result).forEach((family, answers) -> {
      Map<String, Object> each = new LinkedHashMap<>(Map.of("family", family));
      counts(each, Tally.of(answers));
      families.add(Json.of(each));
    });
    members.put("families", families);
    members.put("failures", result.failures().stream().map(answer -> Json.object("case", answer.question().path(),
        "message", answer.outcome().message(), "worst", EventJson.worst(answer.outcome().worst()), "command",
        all.calls().reproducing(result, answer.question()))).toList());
    return Json.of(members);
  }

  private static void counts(Map<String, Object> members, Tally tally) {
    members.put("passed", tally.passed());
    members.put("failed", tally.failed());
    members.put("unsupported", tally.unsupported());
    members.put("worst", EventJson.worst(tally.worst()));
    members.put("seconds", tally.seconds());
  }

  private static List<Json> cases(Verification all) {
    Map<Question, Map<String, Json>> outcomes = new LinkedHashMap<>();
    all.questions().forEach(question -> outcomes.put(question, new LinkedHashMap<>()));
    all.devices().forEach(result -> result.answers().forEach(answer -> outcomes
        .computeIfAbsent(answer.question(), _ -> new LinkedHashMap<>()).put(result.device().id(), outcome(answer))));
    return outcomes.entrySet().stream().map(entry -> Json.object("case", entry.getKey().path(), "family",
        entry.getKey().family(), "subject", entry.getKey().subject(), "outcomes", entry.getValue())).toList();
  }

  private static Json outcome(Answer answer) {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("outcome", EventJson.kind(answer.outcome()));
    members.put("worst", EventJson.worst(answer.outcome().worst()));
    if (!answer.outcome().message().isEmpty()) {
      members.put("message", answer.outcome().message());
    }
    return Json.of(members);
  }
}
