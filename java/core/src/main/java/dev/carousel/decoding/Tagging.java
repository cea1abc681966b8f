package dev.carousel.decoding;

import java.util.List;

/**
 * A tag for each step.
 *
 * @param score the sum of what the path passes: emissions, transitions, its start and its end
 */
public record Tagging(List<Integer> tags, double score) {
  public Tagging {
    tags = List.copyOf(tags);
  }
}
