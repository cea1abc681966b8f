/** Small programs, each of which ends with the first result of a small tagger: what a cold start is measured on. */
@NullMarked
package dev.carousel.bench.cold;

import org.jspecify.annotations.NullMarked;
