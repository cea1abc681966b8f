/**
 * What follows a network: from rows of scores to labels, in plain Java.
 *
 * <p>{@link dev.carousel.decoding.Ctc} reads labels from rows with a blank among them,
 * {@link dev.carousel.decoding.Crf} finds the best path of tags, and {@link dev.carousel.decoding.Generator} writes on with
 * a network that says what comes next. All reckon with logarithms in double. Of two that score the same the one with
 * the lower label, at the first place where they differ, comes first. A score that is NaN or +Infinity is refused by its
 * step and its label.
 */
@NullMarked
package dev.carousel.decoding;

import org.jspecify.annotations.NullMarked;
