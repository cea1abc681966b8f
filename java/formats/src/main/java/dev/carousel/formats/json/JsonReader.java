package dev.carousel.formats.json;

import dev.carousel.formats.data.FormatException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The value of a text, by descent; how deep it may go is bounded, so that no text exhausts the stack. */
final class JsonReader {
  private static final int DEEPEST = 200;
  private static final Pattern NUMBER = Pattern.compile("-?(0|[1-9][0-9]*+)(\\.[0-9]++)?([eE][-+]?[0-9]++)?");

  private final String text;
  private int at;

  JsonReader(String text) {
    this.text = text;
  }

  Json read() throws FormatException {
    Json json = value(0);
    space();
    check(at == text.length(), "the end");
    return json;
  }

  private Json value(int depth) throws FormatException {
    FormatException.check(depth <= DEEPEST, "JSON goes more than %d deep at character %d.", DEEPEST, at);
    space();
    check(at < text.length(), "a value");
    return switch (text.charAt(at)) {
      case '{' -> members(depth);
      case '[' -> items(depth);
      case '"' -> new Json.Text(string());
      case 't' -> word("true", new Json.Truth(true));
      case 'f' -> word("false", new Json.Truth(false));
      case 'n' -> word("null", new Json.Null());
      default -> number();
    };
  }

  private Json members(int depth) throws FormatException {
    Map<String, Json> members = new LinkedHashMap<>();
    at++;
    space();
    if (took('}')) {
      return new Json.Members(members);
    }
    do {
      space();
      check(at < text.length() && text.charAt(at) == '"', "a member's name");
      int start = at;
      String name = string();
      space();
      check(took(':'), "a colon");
      Json value = value(depth + 1);
      FormatException.check(members.putIfAbsent(name, value) == null,
          "JSON says the member \"%s\" twice, the second time at character %d.", name, start);
      space();
    } while (took(','));
    check(took('}'), "a comma or a brace");
    return new Json.Members(members);
  }

  private Json items(int depth) throws FormatException {
    List<Json> items = new ArrayList<>();
    at++;
    space();
    if (took(']')) {
      return new Json.Items(items);
    }
    do {
      items.add(value(depth + 1));
      space();
    } while (took(','));
    check(took(']'), "a comma or a bracket");
    return new Json.Items(items);
  }

  private String string() throws FormatException {
    StringBuilder string = new StringBuilder();
    at++;
    while (true) {
      check(at < text.length(), "the end of a string");
      char c = text.charAt(at++);
      if (c == '"') {
        return string.toString();
      }
      check(c >= ' ', "a character of a string");
      string.append(c == '\\' ? escaped() : c);
    }
  }

  private char escaped() throws FormatException {
    check(at < text.length(), "the end of a string");
    char c = text.charAt(at++);
    return switch (c) {
      case '"', '\\', '/' -> c;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> {
        int code = 0;
        for (int i = 0; i < 4; i++, at++) {
          int digit = at < text.length() ? Character.digit(text.charAt(at), 16) : -1;
          check(digit >= 0, "four digits of a character's code");
          code = 16 * code + digit;
        }
        yield (char) code;
      }
      default -> throw wrong("a character that may stand behind a backslash");
    };
  }

  private Json number() throws FormatException {
    Matcher matcher = NUMBER.matcher(text).region(at, text.length());
    check(matcher.lookingAt(), "a value");
    at = matcher.end();
    return new Json.Digits(matcher.group());
  }

  private Json word(String word, Json value) throws FormatException {
    check(text.startsWith(word, at), "a value");
    at += word.length();
    return value;
  }

  private boolean took(char c) {
    boolean there = at < text.length() && text.charAt(at) == c;
    at += there ? 1 : 0;
    return there;
  }

  private void space() {
    while (at < text.length() && " \n\t\r".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
  }

  private void check(boolean holds, String wanted) throws FormatException {
    if (!holds) {
      throw wrong(wanted);
    }
  }

  private FormatException wrong(String wanted) {
    return FormatException.of("JSON needs %s at character %d of %d.", wanted, at, text.length());
  }
}
