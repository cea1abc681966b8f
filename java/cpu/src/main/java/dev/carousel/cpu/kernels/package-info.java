/** What both back ends need of our native code: a context, its tiers, and single operations. */
@NullMarked
package dev.carousel.cpu.kernels;

import org.jspecify.annotations.NullMarked;
