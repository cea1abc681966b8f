/** Tests of reading Keras' files. */
@NullMarked
package dev.carousel.formats.keras;

import org.jspecify.annotations.NullMarked;
