/**
 * What several back ends need: which steps of a Program make a {@link FusedLayer}, and how a {@link Fusion} groups them
 * for a back end that runs a layer as a whole; the {@link UserCache} for files that are kept from start to start.
 */
@NullMarked
package dev.carousel.kit;

import org.jspecify.annotations.NullMarked;
