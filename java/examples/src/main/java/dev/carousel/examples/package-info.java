/** Programs that show what can be done with a network, each a page long. */
@NullMarked
package dev.carousel.examples;

import org.jspecify.annotations.NullMarked;
