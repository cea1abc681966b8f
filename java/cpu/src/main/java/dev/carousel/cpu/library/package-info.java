/** How native code gets from a jar, or from the system, into this process. */
@NullMarked
package dev.carousel.cpu.library;

import org.jspecify.annotations.NullMarked;
