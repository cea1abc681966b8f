/** safetensors, with PyTorch's names of tensors and with ours. */
@NullMarked
package dev.carousel.formats.safetensors;

import org.jspecify.annotations.NullMarked;
