/** ONNX graphs of recurrent networks, in and out. */
@NullMarked
package dev.carousel.formats.onnx;

import org.jspecify.annotations.NullMarked;
