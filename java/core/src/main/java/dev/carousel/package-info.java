/// Recurrent networks, described in Java and run on whatever the machine has.
///
/// A [Network] is a list of [Layer]s; with [Weights] it is compiled for one of the [Devices] to a [Model], which threads
/// share; each thread makes its own [Predictor] of it.
@NullMarked
package dev.carousel;

import org.jspecify.annotations.NullMarked;
