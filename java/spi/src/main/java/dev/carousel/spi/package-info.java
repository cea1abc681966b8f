/**
 * The Program form and the back-end interfaces: read in this order.
 *
 * <p>What is computed: {@link Slot} and {@link View} name data; {@link GateGemm}, {@link CellUpdate}, {@link Embed} and
 * {@link Mapping} work on it; a {@link Scan} repeats them over time; a {@link Program} is the checked, printable list.
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
