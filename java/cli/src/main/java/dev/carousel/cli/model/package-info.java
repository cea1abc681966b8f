/** Model files, looked at and turned from one format into another. */
@NullMarked
package dev.carousel.cli.model;

import org.jspecify.annotations.NullMarked;
