/** Model files: read whatever they are, written as their name says. */
@NullMarked
package dev.carousel.formats;

import org.jspecify.annotations.NullMarked;
