/** The command {@code carousel}: {@link dev.carousel.cli.Carousel} knows its subcommands, each of which is a class. */
@NullMarked
package dev.carousel.cli;

import org.jspecify.annotations.NullMarked;
