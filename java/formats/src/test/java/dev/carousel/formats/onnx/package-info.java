@NullMarked
package dev.carousel.formats.onnx;

import org.jspecify.annotations.NullMarked;
