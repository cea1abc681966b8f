/** Tests. */
@NullMarked
package dev.carousel.cli.page;

import org.jspecify.annotations.NullMarked;
