package dev.carousel.formats.npy;

import dev.carousel.formats.data.NdArray;

/**
 * What a .npy file holds.
 *
 * @param array the numbers as they lie; of an array in Fortran's order, the dimensions stand in reverse
 * @param fortran whether they do
 */
public record Npy(NdArray array, boolean fortran) {}
