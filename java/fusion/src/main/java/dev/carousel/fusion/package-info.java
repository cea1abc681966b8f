/**
 * The recurrent layers of a Program: which steps make a {@link FusedLayer}, and how a {@link Fusion} groups them for a
 * back end that runs a layer as a whole.
 */
@NullMarked
package dev.carousel.fusion;

import org.jspecify.annotations.NullMarked;
