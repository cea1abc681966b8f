package dev.carousel.formats.json;

import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.data.Names;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The members of an object, taken one by one. What nobody has taken in the end is misspelt or from another version, and
 * is refused by {@link #end}.
 */
public final class Fields {
  private final Map<String, Json> members;
  private final String what;
  private final Set<String> known = new LinkedHashSet<>();

  private Fields(Map<String, Json> members, String what) {
    this.members = members;
    this.what = what;
  }

  /** The members of an object, which messages call so. */
  public static Fields of(Json json, String what) throws FormatException {
    return new Fields(within(what, json::members), what);
  }

  /** What messages call the object. */
  public String what() {
    return what;
  }

  /** A member, if it is there and not null. */
  public Optional<Json> find(String name) {
    known.add(name);
    return Optional.ofNullable(members.get(name)).filter(member -> !(member instanceof Json.Null));
  }

  /** A member that must be there. */
  public Json get(String name) throws FormatException {
    Optional<Json> member = find(name);
    FormatException.check(member.isPresent(), "%s lacks the field \"%s\"; it has %s.", what, name,
        Names.some(members.keySet()));
    return member.orElseThrow();
  }

  /** A whole number that is an int. */
  public int whole(String name) throws FormatException {
    Json member = get(name);
    long value = within(named(name), member::whole);
    FormatException.check((int) value == value, "%s is %d, more than 32 bits hold.", named(name), value);
    return (int) value;
  }

  /** A whole number, or another where it is not there. */
  public int whole(String name, int otherwise) throws FormatException {
    return find(name).isPresent() ? whole(name) : otherwise;
  }

  /** Whole numbers that are ints. */
  public List<Integer> wholes(String name) throws FormatException {
    List<Integer> values = new ArrayList<>();
    for (Json item : list(name)) {
      long value = within(named(name), item::whole);
      FormatException.check((int) value == value, "%s has %d, more than 32 bits hold.", named(name), value);
      values.add((int) value);
    }
    return values;
  }

  /** The items of an array. */
  public List<Json> list(String name) throws FormatException {
    Json member = get(name);
    return within(named(name), member::items);
  }

  /** Strings. */
  public List<String> texts(String name) throws FormatException {
    Json member = get(name);
    return within(named(name), member::texts);
  }

  /** A string. */
  public String text(String name) throws FormatException {
    Json member = get(name);
    return within(named(name), member::text);
  }

  /** True or false, or another where it is not there. */
  public boolean truth(String name, boolean otherwise) throws FormatException {
    Optional<Json> member = find(name);
    return member.isPresent() ? within(named(name), member.get()::truth) : otherwise;
  }

  /** The float that its digits are nearest to, or another where it is not there; too large a number is refused. */
  public float real(String name, float otherwise) throws FormatException {
    Optional<Json> member = find(name);
    if (member.isEmpty()) {
      return otherwise;
    }
    within(named(name), member.get()::number);
    float value = Float.parseFloat(member.get().compact()); // not by way of a double, which would round twice
    FormatException.check(Float.isFinite(value), "%s is %s, more than a float holds.", named(name),
        member.get().compact());
    return value;
  }

  /** A constant of an enum in small letters. */
  public <E extends Enum<E>> E word(String name, Class<E> words) throws FormatException {
    String text = text(name);
    for (E word : words.getEnumConstants()) {
      if (word(word).equals(text)) {
        return word;
      }
    }
    throw FormatException.of("%s is \"%s\", and can be %s.", named(name), text,
        Arrays.stream(words.getEnumConstants()).map(Fields::word).toList());
  }

  /** A constant of an enum in small letters, or another where it is not there. */
  public <E extends Enum<E>> E word(String name, E otherwise) throws FormatException {
    return find(name).isPresent() ? word(name, otherwise.getDeclaringClass()) : otherwise;
  }

  /** An enum's constant as JSON has it. */
  public static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  /** Refuses members that nobody has asked for. */
  public void end() throws FormatException {
    for (String name : members.keySet()) {
      FormatException.check(known.contains(name), "%s has a field \"%s\", which means nothing here. Its fields are %s.",
          what, name, Names.some(known));
    }
  }

  /** A field, for messages. */
  public String named(String field) {
    return "\"" + field + "\" of " + what;
  }

  /** What reads a value. */
  @FunctionalInterface
  private interface Reading<T> {
    T read() throws FormatException;
  }

  private static <T> T within(String where, Reading<T> reading) throws FormatException {
    try {
      return reading.read();
    } catch (FormatException wrong) {
      throw new FormatException(where + " cannot be read: " + wrong.getMessage(), wrong);
    }
  }
}
