package dev.carousel.formats.damage;

import dev.carousel.formats.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** Damage to one value of JSON, after which it still is JSON: changed, left out, said twice, put elsewhere. */
public final class JsonDamage {
  private static final List<String> NUMBERS = List.of("0", "1", "-1", "2", "3", "0.5", "1e-400", "1e999", "65536",
      "1000000000", "2147483647", "2147483648", "4294967296", "9223372036854775807", "9223372036854775808");
  private static final List<String> TEXTS = List.of("", "x".repeat(20_000), "\u001b[2J\u001b]0;x\u0007", "\u202eabc",
      "a\nb\u2028c", "\ud800", "NaN", "steps", "reversed_steps", "batch", "columns", "rows", "states", "lengths",
      "results", "0.forward.hidden", "9.reverse.cell", "i32", "f16", "repeat", "concat", "sum", "last_step");

  private final SplittableRandom random;
  private final List<Json> all = new ArrayList<>();
  private int left; // values to go by before the one that is damaged

  private JsonDamage(SplittableRandom random) {
    this.random = random;
  }

  /** The same JSON but for one value. */
  public static Json apply(Json json, SplittableRandom random) {
    JsonDamage damage = new JsonDamage(random);
    damage.gather(json);
    damage.left = random.nextInt(damage.all.size());
    return damage.rebuilt(json);
  }

  private void gather(Json json) {
    all.add(json);
    switch (json) {
      case Json.Members(Map<String, Json> members) -> members.values().forEach(this::gather);
      case Json.Items(List<Json> items) -> items.forEach(this::gather);
      default -> {
        // nothing inside
      }
    }
  }

  private Json rebuilt(Json json) {
    if (left-- == 0) {
      return damaged(json);
    }
    return switch (json) {
      case Json.Members(Map<String, Json> members) -> {
        Map<String, Json> rebuilt = new LinkedHashMap<>();
        members.forEach((name, member) -> rebuilt.put(name, rebuilt(member)));
        yield new Json.Members(rebuilt);
      }
      case Json.Items(List<Json> items) -> new Json.Items(items.stream().map(this::rebuilt).toList());
      default -> json;
    };
  }

  private Json damaged(Json json) {
    if (random.nextInt(6) == 0) {
      return random.nextInt(3) == 0 ? pick(List.of(new Json.Null(), Json.object(), new Json.Items(List.of())))
          : pick(all);
    }
    return switch (json) {
      case Json.Members(Map<String, Json> members) -> members(members);
      case Json.Items(List<Json> items) -> items(items);
      case Json.Text _ -> new Json.Text(text());
      case Json.Digits(String digits) -> new Json.Digits(random.nextInt(3) == 0 && digits.matches("[0-9]{1,9}")
          ? Integer.toString(Integer.parseInt(digits) + (random.nextBoolean() ? 1 : -1))
          : pick(NUMBERS));
      case Json.Truth(boolean truth) -> new Json.Truth(!truth);
      case Json.Null() -> pick(all);
    };
  }

  private String text() {
    return random.nextBoolean() && pick(all) instanceof Json.Text(String text) ? text : pick(TEXTS);
  }

  /** A member left out, renamed, moved to the end, or said again under another name. */
  private Json members(Map<String, Json> members) {
    Map<String, Json> changed = new LinkedHashMap<>(members);
    if (members.isEmpty()) {
      return Json.object(text(), pick(all));
    }
    String name = pick(List.copyOf(members.keySet()));
    Json value = members.getOrDefault(name, new Json.Null());
    int how = random.nextInt(4);
    if (how < 3) {
      changed.remove(name);
    }
    if (how > 0) {
      changed.put(how == 1 ? name : random.nextBoolean() ? text() : pick(List.copyOf(members.keySet())), value);
    }
    return new Json.Members(changed);
  }

  /** An item left out, said twice, or in another place. */
  private Json items(List<Json> items) {
    List<Json> changed = new ArrayList<>(items);
    if (items.isEmpty()) {
      return new Json.Items(List.of(pick(all)));
    }
    Json item = pick(items);
    int how = random.nextInt(3);
    if (how < 2) {
      changed.remove(item);
    }
    if (how > 0) {
      changed.add(random.nextInt(changed.size() + 1), item);
    }
    return new Json.Items(changed);
  }

  private <T> T pick(List<T> from) {
    return from.get(random.nextInt(from.size()));
  }
}
