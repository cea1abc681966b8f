/** The back end of OpenCL; programs find it by {@link java.util.ServiceLoader}. */
@NullMarked
package dev.carousel.opencl;

import org.jspecify.annotations.NullMarked;
