/**
 * What is computed: the Program form. It depends on nothing, and takes ten minutes to read, in this order.
 *
 * <p>{@link Slot} and {@link View} name data; {@link GateGemm}, {@link CellUpdate}, {@link Embed} and {@link Mapping} work
 * on it; a {@link Scan} repeats them over time; a {@link Program} is the checked, printable list.
 */
@NullMarked
package dev.carousel.spi.form;

import org.jspecify.annotations.NullMarked;
