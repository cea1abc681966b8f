/**
 * What runs a Program: the {@link Interpreter} is the one Session, {@link HostBuffers} are buffers in this process's memory.
 * A {@link Claim} gives things to one thread at a time, a {@link Release} frees them once.
 */
@NullMarked
package dev.carousel.spi.runtime;

import org.jspecify.annotations.NullMarked;
