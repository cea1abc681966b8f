/**
 * The Program form and the back-end interfaces: read in this order.
 *
 * <p>What is computed: {@link Slot} and {@link View} name the data; {@link GateGemm}, {@link CellUpdate}, {@link Embed}
 * and {@link Mapping} say what is done with it; a {@link Scan} repeats operations once per time step; a {@link Program}
 * is the checked, printable list of it all.
 *
 * <p>Who computes it: a {@link BackendProvider} lists {@link Device}s and opens one as a {@link Backend}, which compiles a
 * Program to an {@link Executable}, which makes {@link Session}s.
 *
 * <p>How it is run: the {@link Interpreter} is the one Session. A back end gives it {@link Buffers} (its memory, or just
 * {@link HostBuffers}) and {@link Kernels} (its operations); the {@link Layout} says which rows come in which order.
 */
@NullMarked
package dev.carousel.spi;

import org.jspecify.annotations.NullMarked;
