package dev.carousel.decoding;

/**
 * A hypothesis while it is written.
 *
 * @param choices all of them, the end's among them; it stands behind the prompt's last label
 */
record Growth(Prefix choices, double logProbability, boolean ended) {

  /** Nothing, behind the last label of a prompt. */
  static Growth behind(int label) {
    return new Growth(Prefix.behind(label), 0, false);
  }

  Growth plus(int label, double log, Stop stop) {
    return new Growth(choices.plus(label), logProbability + log, stop.ends(label));
  }

  Hypothesis hypothesis() {
    var labels = choices.list();
    return new Hypothesis(ended ? labels.subList(0, labels.size() - 1) : labels, logProbability, ended);
  }
}
