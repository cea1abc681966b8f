/**
 * The conformance suite. {@link Suite} lists the {@link Case}s of all {@link Family families}; each is a Program with
 * data drawn from its name; run on a back end and on the reference it has an {@link Outcome}. {@link Tolerance} is the
 * one formula by which answers are compared, {@link Coverage} says what the cases cover, {@link Support} what a device
 * runs.
 */
@NullMarked
package dev.carousel.conformance;

import org.jspecify.annotations.NullMarked;
