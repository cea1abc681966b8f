/** What all formats share: arrays of numbers as they stand in files, and the exception that damaged files cause. */
@NullMarked
package dev.carousel.formats.data;

import org.jspecify.annotations.NullMarked;
