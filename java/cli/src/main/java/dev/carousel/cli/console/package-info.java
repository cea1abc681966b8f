/** How the command speaks: its streams, its tables, and one line where something went wrong. */
@NullMarked
package dev.carousel.cli.console;

import org.jspecify.annotations.NullMarked;
