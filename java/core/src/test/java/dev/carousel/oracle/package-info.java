/// Results that nobody here computed, and the reference held to them: PyTorch's
/// vectors, ONNX's node tests, onnxruntime.
@NullMarked
package dev.carousel.oracle;

import org.jspecify.annotations.NullMarked;
