/** Models run on arrays in files. */
@NullMarked
package dev.carousel.cli.run;

import org.jspecify.annotations.NullMarked;
