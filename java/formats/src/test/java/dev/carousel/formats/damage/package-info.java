/** Damage done to valid files, from single bits to whole parts, and what a reader must make of it. */
@NullMarked
package dev.carousel.formats.damage;

import org.jspecify.annotations.NullMarked;
