/**
 * What a back end implements: the contract. Read {@link dev.carousel.spi.form} first, which says what is computed.
 *
 * <p>A {@link BackendProvider} lists {@link Device}s and opens one as a {@link Backend}, which compiles a Program to an
 * {@link Executable}, which makes {@link Session}s. The session of {@link dev.carousel.spi.runtime} runs any back end that
 * gives it {@link Kernels} (its operations) and {@link Buffers} (its memory); a {@link Layout} says which rows of a run
 * come in which order.
 */
@NullMarked
package dev.carousel.spi;

import org.jspecify.annotations.NullMarked;
