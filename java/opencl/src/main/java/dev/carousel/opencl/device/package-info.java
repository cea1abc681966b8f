/** An opened device: what suits it, the kernels compiled for it, and a store of both from start to start. */
@NullMarked
package dev.carousel.opencl.device;

import org.jspecify.annotations.NullMarked;
