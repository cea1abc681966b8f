/** The devices of this machine, each driver of OpenCL asked in a process of its own. */
@NullMarked
package dev.carousel.cli.devices;

import org.jspecify.annotations.NullMarked;
