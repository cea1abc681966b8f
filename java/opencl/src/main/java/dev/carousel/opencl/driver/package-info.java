/** What OpenCL itself asks of a program: checked calls, objects that are released, platforms and their devices. */
@NullMarked
package dev.carousel.opencl.driver;

import org.jspecify.annotations.NullMarked;
