@NullMarked
package dev.carousel.formats.onnx.proto;

import org.jspecify.annotations.NullMarked;
