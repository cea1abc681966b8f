/** JSON, read with suspicion and written without surprises. */
@NullMarked
package dev.carousel.formats.json;

import org.jspecify.annotations.NullMarked;
