/** Devices held to the reference: what they are asked, what they answered, and the report of it. */
@NullMarked
package dev.carousel.cli.verify;

import org.jspecify.annotations.NullMarked;
