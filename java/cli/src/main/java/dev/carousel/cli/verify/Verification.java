package dev.carousel.cli.verify;

import dev.carousel.cli.machine.Machine;
import dev.carousel.cli.verify.DeviceResult.Standing;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * All that came of all devices.
 *
 * @param title what they were held to, for people
 * @param calls how to ask again
 */
record Verification(String version, Instant when, Machine machine, String title, Calls calls,
    List<Question> questions, List<DeviceResult> devices) {
  Verification {
    questions = List.copyOf(questions);
    devices = List.copyOf(devices);
  }

  /** The devices that stand in a way. */
  List<DeviceResult> standing(Standing standing) {
    return devices.stream().filter(result -> result.standing() == standing).toList();
  }

  /** The devices that were asked. */
  List<DeviceResult> asked() {
    return devices.stream().filter(result -> result.standing() != Standing.UNAVAILABLE).toList();
  }

  /** Whether no device is wrong or broken. */
  boolean right() {
    return standing(Standing.WRONG).isEmpty() && standing(Standing.BROKEN).isEmpty();
  }

  /** The families in the order of the questions, each with its subjects by name. */
  Map<String, List<String>> subjects() {
    Map<String, List<String>> subjects = new LinkedHashMap<>();
    for (Question question : questions) {
      List<String> list = subjects.computeIfAbsent(question.family(), _ -> new ArrayList<>());
      if (!list.contains(question.subject())) {
        list.add(question.subject());
      }
    }
    subjects.values().forEach(list -> list.sort(null));
    return subjects;
  }

  /** The answers of a device by family. */
  static Map<String, List<Answer>> byFamily(DeviceResult result) {
    Map<String, List<Answer>> families = new TreeMap<>();
    result.answers().forEach(answer -> families.computeIfAbsent(answer.question().family(), _ -> new ArrayList<>())
        .add(answer));
    return families;
  }

  /** What is to be said of it all, in a sentence. */
  String verdict() {
    int asked = asked().size();
    List<DeviceResult> wrong = standing(Standing.WRONG);
    List<DeviceResult> broken = standing(Standing.BROKEN);
    if (asked == 0) {
      return "No device could be asked.";
    }
    if (right()) {
      return asked == 1 ? asked().getFirst().device().id() + " gives the reference’s answers."
          : (asked == 2 ? "Both" : "All " + asked) + " devices give the reference’s answers.";
    }
    List<String> parts = new ArrayList<>();
    if (!wrong.isEmpty()) {
      parts.add((wrong.size() == 1 ? wrong.getFirst().device().id() + " gives" : wrong.size() + " devices give")
          + " wrong answers");
    }
    if (!broken.isEmpty()) {
      parts.add((broken.size() == 1 ? broken.getFirst().device().id() : broken.size() + " devices") + " broke down");
    }
    int right = asked - wrong.size() - broken.size();
    String rest = right == 0 ? "" : right == 1 ? "; the other one is right" : "; the other " + right + " are right";
    return String.join(", ", parts) + rest + ".";
  }
}
