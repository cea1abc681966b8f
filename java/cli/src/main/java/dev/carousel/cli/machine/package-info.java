/** What the command runs on, in words. */
@NullMarked
package dev.carousel.cli.machine;

import org.jspecify.annotations.NullMarked;
