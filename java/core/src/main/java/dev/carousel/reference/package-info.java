/** The reference back end: pure Java, sums in double, always there; what all others are compared with. */
@NullMarked
package dev.carousel.reference;

import org.jspecify.annotations.NullMarked;
