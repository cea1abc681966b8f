/** What lies on the device: the buffers of a session, packed parameters, and the way between them and the host. */
@NullMarked
package dev.carousel.opencl.memory;

import org.jspecify.annotations.NullMarked;
