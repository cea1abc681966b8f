/** The operations of a Program, and whole layers, as launches of kernels over the buffers of a session. */
@NullMarked
package dev.carousel.opencl.kernel;

import org.jspecify.annotations.NullMarked;
