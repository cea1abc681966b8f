/**
 * Recurrent networks, described in Java and run on whatever the machine has.
 *
 * <p>A {@link Network} is a list of {@link Layer}s; with {@link Weights} it is compiled for one of the {@link Devices} to
 * a {@link Model}, which threads share; each thread makes its own {@link Predictor} of it.
 */
@NullMarked
package dev.carousel;

import org.jspecify.annotations.NullMarked;
