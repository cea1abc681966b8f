/* A vector of doubles, one for each float of a vector: for sums of many, which may cancel or leave the floats. */
#ifndef WIDE_H
#define WIDE_H

#include "vector.h"

typedef double wide __attribute__((vector_size(8 * LANES)));
typedef int64_t wide_mask __attribute__((vector_size(8 * LANES)));

INLINE wide widened(vec v) {
  return __builtin_convertvector(v, wide);
}

INLINE vec narrowed(wide w) {
  return __builtin_convertvector(w, vec);
}

/* The first count lanes, which may be all; 0 beyond. */
INLINE vec first_lanes(vec v, int64_t count) {
  float kept[LANES] = {0};
  store_some(kept, v, count);
  return load(kept);
}

INLINE wide first_wide_lanes(wide w, int64_t count) {
  wide kept = {0};
  memcpy(&kept, &w, count < LANES ? (size_t)count * sizeof(double) : sizeof w);
  return kept;
}

INLINE double sum_of_wide_lanes(wide sums) {
  double sum = 0;
  for (int lane = 0; lane < LANES; lane++) {
    sum += sums[lane];
  }
  return sum;
}

#endif
