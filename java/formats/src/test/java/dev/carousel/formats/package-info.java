@NullMarked
package dev.carousel.formats;

import org.jspecify.annotations.NullMarked;
