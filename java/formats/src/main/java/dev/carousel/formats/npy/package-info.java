/** Arrays of numpy, one a file or many in a zip. */
@NullMarked
package dev.carousel.formats.npy;

import org.jspecify.annotations.NullMarked;
