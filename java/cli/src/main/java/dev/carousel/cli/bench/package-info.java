/** A quick comparison of devices: the same work in turns, and only right answers count. */
@NullMarked
package dev.carousel.cli.bench;

import org.jspecify.annotations.NullMarked;
