package dev.carousel.formats.json;

import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.data.Names;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A value of JSON: immutable, its members in their order. */
public sealed interface Json {

  /** An object. */
  record Members(Map<String, Json> members) implements Json {
    public Members {
      members = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(members));
    }
  }

  /** An array. */
  record Items(List<Json> items) implements Json {
    public Items {
      items = List.copyOf(items);
    }
  }

  /** A string. */
  record Text(String text) implements Json {}

  /** A number, as it was written. */
  record Digits(String digits) implements Json {}

  /** True or false. */
  record Truth(boolean truth) implements Json {}

  /** Null. */
  record Null() implements Json {}

  /** The value that a text is; anything that is not JSON, too deep, or says a member twice, is refused with its place. */
  static Json parse(String text) throws FormatException {
    return new JsonReader(text).read();
  }

  /** An object of these members: name, value, name, value. */
  static Json object(Object... namesAndValues) {
    Map<String, Json> members = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      members.put((String) namesAndValues[i], of(namesAndValues[i + 1]));
    }
    return new Members(members);
  }

  /**
   * Strings, booleans, numbers, lists, maps and values as JSON. A number that is not finite becomes null, since JSON has
   * none.
   */
  static Json of(Object value) {
    return switch (value) {
      case Json json -> json;
      case String text -> new Text(text);
      case Boolean truth -> new Truth(truth);
      case Float number -> Float.isFinite(number) ? new Digits(number.toString()) : new Null();
      case Double number -> Double.isFinite(number) ? new Digits(number.toString()) : new Null();
      case Number number -> new Digits(number.toString());
      case Optional<?> optional -> optional.<Json>map(Json::of).orElseGet(Null::new);
      case List<?> list -> new Items(list.stream().map(Json::of).toList());
      case Map<?, ?> map -> {
        Map<String, Json> members = new LinkedHashMap<>();
        map.forEach((name, member) -> members.put(name.toString(), of(member)));
        yield new Members(members);
      }
      default -> throw new IllegalArgumentException(value.getClass() + " has no form in JSON.");
    };
  }

  /** The members of an object. */
  default Map<String, Json> members() throws FormatException {
    if (this instanceof Members(Map<String, Json> members)) {
      return members;
    }
    throw unlike("an object");
  }

  /** The member of an object by name, if it is there and not null. */
  default Optional<Json> find(String name) throws FormatException {
    return Optional.ofNullable(members().get(name)).filter(member -> !(member instanceof Null));
  }

  /** The member of an object by name. */
  default Json get(String name) throws FormatException {
    Optional<Json> member = find(name);
    FormatException.check(member.isPresent(), "JSON lacks a member \"%s\" among %s.", name,
        Names.some(members().keySet()));
    return member.orElseThrow();
  }

  /** The items of an array. */
  default List<Json> items() throws FormatException {
    if (this instanceof Items(List<Json> items)) {
      return items;
    }
    throw unlike("an array");
  }

  /** A string. */
  default String text() throws FormatException {
    if (this instanceof Text(String text)) {
      return text;
    }
    throw unlike("a string");
  }

  /** True or false. */
  default boolean truth() throws FormatException {
    if (this instanceof Truth(boolean truth)) {
      return truth;
    }
    throw unlike("true or false");
  }

  /** A number with its fraction. */
  default double number() throws FormatException {
    if (this instanceof Digits(String digits)) {
      return Double.parseDouble(digits);
    }
    throw unlike("a number");
  }

  /** A whole number. */
  default long whole() throws FormatException {
    if (this instanceof Digits(String digits)) {
      try {
        return Long.parseLong(digits);
      } catch (NumberFormatException _) {
        throw unlike("a whole number within 64 bits");
      }
    }
    throw unlike("a whole number");
  }

  /** The strings of an array. */
  default List<String> texts() throws FormatException {
    List<String> texts = new ArrayList<>();
    for (Json item : items()) {
      texts.add(item.text());
    }
    return texts;
  }

  private FormatException unlike(String wanted) {
    return FormatException.of("JSON has %s where %s is needed.", Names.one(compact()), wanted);
  }

  /** The text in one line. */
  default String compact() {
    return JsonWriter.write(this, false);
  }

  /** The text over many lines, for people; a character that is not shown stands as its number. */
  default String pretty() {
    return JsonWriter.write(this, true);
  }
}
