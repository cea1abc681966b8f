/** The race: Carousel's devices against other libraries, on the same shapes, weights and inputs. */
@NullMarked
package dev.carousel.bench;

import org.jspecify.annotations.NullMarked;
