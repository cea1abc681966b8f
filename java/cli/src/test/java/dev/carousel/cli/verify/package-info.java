/** Tests. */
@NullMarked
package dev.carousel.cli.verify;

import org.jspecify.annotations.NullMarked;
