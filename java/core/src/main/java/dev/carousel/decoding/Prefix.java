package dev.carousel.decoding;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A sequence of labels that shares its beginning with others: a shorter one and a label behind it. */
final class Prefix {
  private final @Nullable Prefix parent;
  private final int label;
  private final int length;

  private Prefix(@Nullable Prefix parent, int label, int length) {
    this.parent = parent;
    this.label = label;
    this.length = length;
  }

  /** The sequence without labels, behind a label that is none of its own. */
  static Prefix behind(int label) {
    return new Prefix(null, label, 0);
  }

  Prefix plus(int next) {
    return new Prefix(this, next, length + 1);
  }

  /** The sequence without its last label; none of one without labels. */
  @Nullable
  Prefix parent() {
    return parent;
  }

  /** The last label, or the one it stands behind. */
  int label() {
    return label;
  }

  int length() {
    return length;
  }

  int[] labels() {
    int[] labels = new int[length];
    Prefix at = this;
    for (int i = length - 1; i >= 0 && at != null; i--) {
      labels[i] = at.label;
      at = at.parent;
    }
    return labels;
  }

  List<Integer> list() {
    return Arrays.stream(labels()).boxed().toList();
  }

  /** The order of dictionaries. */
  static int compare(Prefix a, Prefix b) {
    return Arrays.compare(a.labels(), b.labels());
  }
}
