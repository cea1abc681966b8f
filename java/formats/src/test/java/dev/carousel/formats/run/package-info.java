@NullMarked
package dev.carousel.formats.run;

import org.jspecify.annotations.NullMarked;
