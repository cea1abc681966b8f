/** The back end that runs a whole scan in one call of our own kernels. */
@NullMarked
package dev.carousel.cpu.fused;

import org.jspecify.annotations.NullMarked;
