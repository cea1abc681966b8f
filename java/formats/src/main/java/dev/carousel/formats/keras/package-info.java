/** Models of Keras, by way of HDF5. */
@NullMarked
package dev.carousel.formats.keras;

import org.jspecify.annotations.NullMarked;
