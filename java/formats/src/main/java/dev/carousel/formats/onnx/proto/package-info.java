/** The messages that ONNX files are made of, in protobuf's wire format. */
@NullMarked
package dev.carousel.formats.onnx.proto;

import org.jspecify.annotations.NullMarked;
