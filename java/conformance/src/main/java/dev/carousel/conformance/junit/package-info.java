/** The suite as JUnit tests: a back end's own test is a subclass that names its provider. */
@NullMarked
package dev.carousel.conformance.junit;

import org.jspecify.annotations.NullMarked;
