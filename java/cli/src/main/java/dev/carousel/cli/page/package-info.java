/** What reports are written with: markup that cannot be broken by what stands in it, and one style. */
@NullMarked
package dev.carousel.cli.page;

import org.jspecify.annotations.NullMarked;
