/* Memory that ends, to the float, where a page begins that may not be touched. */
#ifndef GUARD_H
#define GUARD_H

#include <stdint.h>

/* Floats in -1 to 1 that follow from the seed. Ends the program where there is no memory. */
float *guarded(int64_t floats, uint64_t seed);
/* What guarded gave, with the same size. */
void unguard(float *memory, int64_t floats);

/* The next number in -1 to 1. */
float random_float(uint64_t *state);

/* Floats that start at a line of the cache and end at the guard, which needs a multiple of 16 of them. */
float *guarded_lines(int64_t floats, int64_t *given);

#endif
