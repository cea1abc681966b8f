package dev.carousel.cli.run;

import dev.carousel.cli.console.WrongCall;
import dev.carousel.formats.model.Port;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A file as the command line names it: {@code [NAME=]FILE}.
 *
 * @param port the input or output of the model that it is for, where the line says so
 */
record NamedFile(Optional<Port> port, Path path) {

  /** Takes the name of a port only for a name: ports and files may both have an equals sign in theirs. */
  static NamedFile of(String what, String text, List<Port> ports) {
    Optional<Port> named = ports.stream().filter(port -> text.startsWith(port.name() + "="))
        .max(Comparator.comparingInt(port -> port.name().length()));
    if (named.isPresent()) {
      return new NamedFile(named, Path.of(text.substring(named.get().name().length() + 1)));
    }
    int equals = text.indexOf('=');
    WrongCall.check(equals < 0 || text.lastIndexOf('/', equals) >= 0,
        "The model has no %s %s; it has %s. A file with an equals sign in its name is given as ./%s.", what,
        text.substring(0, Math.max(0, equals)), names(ports), text);
    return new NamedFile(Optional.empty(), Path.of(text));
  }

  /** The ports in words: {@code x: f32 [batch, steps, 40], h0: f32 [2, batch, 64]}. */
  static String names(List<Port> ports) {
    return String.join(", ", ports.stream().map(port -> port.name() + ": "
        + port.element().name().toLowerCase(Locale.ROOT) + " " + port.dimensions()).toList());
  }

  /** Whether it holds many arrays by name. */
  boolean archive() {
    String name = path.toString().toLowerCase(Locale.ROOT);
    WrongCall.check(name.endsWith(".npy") || name.endsWith(".npz"), "%s is neither a .npy nor a .npz file.", path);
    boolean archive = name.endsWith(".npz");
    WrongCall.check(!archive || port.isEmpty(), "%s holds arrays by their own names: give it without %s=.", path,
        port.map(Port::name).orElse(""));
    return archive;
  }
}
