/** A model as a file holds it: the network, its weights, and the inputs and outputs that its author gave it. */
@NullMarked
package dev.carousel.formats.model;

import org.jspecify.annotations.NullMarked;
