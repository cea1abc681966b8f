/** Models run on arrays as their authors lay them out, a part of the batch at a time. */
@NullMarked
package dev.carousel.formats.run;

import org.jspecify.annotations.NullMarked;
