/** The devices of the processor: {@code cpu/openblas}, {@code cpu/fused} and its tiers. */
@NullMarked
package dev.carousel.cpu;

import org.jspecify.annotations.NullMarked;
