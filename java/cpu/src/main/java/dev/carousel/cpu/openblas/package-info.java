/** The back end whose products are OpenBLAS' and whose cells are ours. */
@NullMarked
package dev.carousel.cpu.openblas;

import org.jspecify.annotations.NullMarked;
