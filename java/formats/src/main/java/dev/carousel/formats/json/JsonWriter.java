package dev.carousel.formats.json;

import dev.carousel.spi.form.Legible;
import java.util.Iterator;

/** The text of a value. */
final class JsonWriter {
  private final StringBuilder text = new StringBuilder();
  private final boolean pretty;

  private JsonWriter(boolean pretty) {
    this.pretty = pretty;
  }

  static String write(Json json, boolean pretty) {
    JsonWriter writer = new JsonWriter(pretty);
    writer.value(json, 0);
    return writer.text.toString();
  }

  private void value(Json json, int depth) {
    switch (json) {
      case Json.Members(var members) -> list('{', '}', members.entrySet().iterator(), depth, member -> {
        string(member.getKey());
        text.append(pretty ? ": " : ":");
        value(member.getValue(), depth + 1);
      });
      case Json.Items(var items) -> list('[', ']', items.iterator(), depth, item -> value(item, depth + 1));
      case Json.Text(String string) -> string(string);
      case Json.Digits(String digits) -> text.append(digits);
      case Json.Truth(boolean truth) -> text.append(truth);
      case Json.Null() -> text.append("null");
    }
  }

  private <T> void list(char open, char close, Iterator<T> values, int depth, java.util.function.Consumer<T> each) {
    text.append(open);
    boolean any = values.hasNext();
    while (values.hasNext()) {
      line(depth + 1);
      each.accept(values.next());
      if (values.hasNext()) {
        text.append(',');
      }
    }
    if (any) {
      line(depth);
    }
    text.append(close);
  }

  private void line(int depth) {
    if (pretty) {
      text.append('\n').repeat(' ', 2 * depth);
    }
  }

  private void string(String string) {
    text.append('"');
    for (int i = 0; i < string.length(); i++) {
      char c = string.charAt(i);
      switch (c) {
        case '"', '\\' -> text.append('\\').append(c);
        case '\n' -> text.append("\\n");
        case '\t' -> text.append("\\t");
        case '\r' -> text.append("\\r");
        default -> {
          if (c < ' ' || (Character.isSurrogate(c) && !paired(string, i)) || (pretty && hidden(string, i))) {
            text.append(String.format("\\u%04x", (int) c));
          } else {
            text.append(c);
          }
        }
      }
    }
    text.append('"');
  }

  /** Whether a character, or the one that it is half of, is none that people see. */
  private static boolean hidden(String string, int at) {
    boolean second = Character.isLowSurrogate(string.charAt(at)) && paired(string, at);
    return !Legible.isShown(string.codePointAt(second ? at - 1 : at));
  }

  private static boolean paired(String string, int at) {
    char c = string.charAt(at);
    return Character.isHighSurrogate(c) ? at + 1 < string.length() && Character.isLowSurrogate(string.charAt(at + 1))
        : at > 0 && Character.isHighSurrogate(string.charAt(at - 1));
  }
}
