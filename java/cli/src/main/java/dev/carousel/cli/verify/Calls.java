package dev.carousel.cli.verify;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How the command is called to ask the same again.
 *
 * @param model its file; the suite without one
 * @param options the words that say what else is asked of a model: its inputs, the seed
 * @param cases the words that say which of its cases; none for all
 * @param devices the words that say which devices; none for all
 */
record Calls(Optional<String> model, List<String> options, List<String> cases, List<String> devices) {
  Calls {
    options = List.copyOf(options);
    cases = List.copyOf(cases);
    devices = List.copyOf(devices);
  }

  /** The line for a shell that asks the same of the same devices. */
  String line() {
    List<String> selection = new ArrayList<>(devices);
    selection.addAll(cases);
    return line(selection);
  }

  /** The line for a shell that asks one device one question. */
  String reproducing(DeviceResult result, Question question) {
    return line(List.of("--devices", result.device().id(), "--cases", question.path()));
  }

  /** The words that ask one device in a process of its own. */
  List<String> child(String id) {
    List<String> words = words(cases);
    words.addAll(List.of("--child", id));
    return words;
  }

  private String line(List<String> more) {
    return "carousel " + String.join(" ", words(more).stream().map(Calls::quoted).toList());
  }

  private List<String> words(List<String> more) {
    List<String> words = new ArrayList<>(List.of("verify"));
    model.ifPresent(words::add);
    words.addAll(options);
    words.addAll(more);
    return words;
  }

  private static String quoted(String word) {
    return word.matches("[\\w./@:=,+-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
  }
}
