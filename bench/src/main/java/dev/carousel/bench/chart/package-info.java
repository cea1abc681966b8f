/** Charts as SVG: bars in groups, and curves; each line and bar carries its own name, in the colour it has everywhere. */
@NullMarked
package dev.carousel.bench.chart;

import org.jspecify.annotations.NullMarked;
