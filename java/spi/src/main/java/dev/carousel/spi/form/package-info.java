/**
 * What is computed: the Program form. It depends on nothing, and takes ten minutes to read, in this order.
 *
 * <p>{@link Slot} and {@link View} name data, an {@link Axis} says what its steps count; {@link GateGemm}, {@link CellUpdate},
 * {@link Embed} and {@link Mapping} work on it row by row, and a {@link Scan} repeats them over time; {@link AcrossSteps}
 * look at several steps, some through a {@link Window}; a {@link Program} is the checked, printable list.
 */
@NullMarked
package dev.carousel.spi.form;

import org.jspecify.annotations.NullMarked;
