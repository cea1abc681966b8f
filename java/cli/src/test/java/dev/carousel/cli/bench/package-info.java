/** Tests. */
@NullMarked
package dev.carousel.cli.bench;

import org.jspecify.annotations.NullMarked;
