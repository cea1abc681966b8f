package dev.carousel.oracle;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The reader of a text file of cases, each with settings and named blocks of numbers. The file says its format. */
final class TextVectors {
  private final Deque<String> lines;

  private TextVectors(List<String> lines) {
    this.lines = new ArrayDeque<>(lines);
  }

  /** A case. */
  record Case(String name, Map<String, String> settings, Map<String, Block> blocks) {
    String text(String setting) {
      return Objects.requireNonNull(settings.get(setting), setting);
    }

    int number(String setting) {
      return Integer.parseInt(text(setting));
    }

    boolean flag(String setting) {
      return text(setting).equals("true");
    }

    Block block(String block) {
      return Objects.requireNonNull(blocks.get(block), block);
    }

    @Nullable
    Block blockIfAny(String block) {
      return blocks.get(block);
    }
  }

  /** The cases of a resource beside this class. */
  static List<Case> read(String resource) throws IOException {
    try (InputStream in = Objects.requireNonNull(TextVectors.class.getResourceAsStream(resource), resource);
        BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      return new TextVectors(reader.lines().filter(line -> !line.isBlank() && !line.startsWith("#")).toList()).cases();
    }
  }

  private List<Case> cases() {
    List<Case> cases = new ArrayList<>();
    while (!lines.isEmpty()) {
      String line = lines.remove();
      if (line.startsWith("case ")) {
        cases.add(new Case(line.substring("case ".length()), new LinkedHashMap<>(), new LinkedHashMap<>()));
      } else {
        entry(cases.getLast(), line.split(" ", -1));
      }
    }
    return cases;
  }

  private void entry(Case target, String[] words) {
    switch (words[0]) {
      case "set" -> target.settings().put(words[1], words[2]);
      case "tensor" -> target.blocks().put(words[1], block(Arrays.copyOfRange(words, 2, words.length)));
      default -> throw new IllegalArgumentException("Line of an unknown kind: " + String.join(" ", words));
    }
  }

  private Block block(String[] sizes) {
    int[] shape = Arrays.stream(sizes).mapToInt(Integer::parseInt).toArray();
    int rows = Arrays.stream(shape, 0, shape.length - 1).reduce(1, Math::multiplyExact);
    StringBuilder numbers = new StringBuilder();
    for (int row = 0; row < rows; row++) {
      numbers.append(lines.remove()).append(' ');
    }
    double[] values = Arrays.stream(numbers.toString().trim().split(" ", -1)).mapToDouble(Double::parseDouble)
        .toArray();
    return Block.of(values, shape);
  }
}
