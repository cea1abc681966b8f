/*
 * A vector of floats, as wide as the tier's registers. Plain C on the compiler's vector types but for what those cannot
 * say: multiply-add in one rounding, and minima that let NaN through. A tier's arithmetic is the same in every kernel.
 */
#ifndef VECTOR_H
#define VECTOR_H

#include <math.h>
#include <stdint.h>
#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>
#elif defined(__aarch64__)
#include <arm_neon.h>
#endif

#define INLINE static inline __attribute__((always_inline))

/* Rows of a tile; of a tile for a small batch; and from how many on a tile fetches weights ahead: with fewer it is no
 * faster than the processor, which does so by itself. */
#if defined(__AVX512F__)
enum { LANES = 16, TILE_ROWS = 6, TALL_ROWS = 8, FETCH_ROWS = 5 };
#elif defined(__AVX2__)
enum { LANES = 8, TILE_ROWS = 3, TALL_ROWS = 3, FETCH_ROWS = 2 };
#elif defined(__aarch64__)
enum { LANES = 4, TILE_ROWS = 6, TALL_ROWS = 6, FETCH_ROWS = 2 };
#else
enum { LANES = 4, TILE_ROWS = 2, TALL_ROWS = 2, FETCH_ROWS = 2 };
#endif

typedef float vec __attribute__((vector_size(4 * LANES)));
typedef int32_t ivec __attribute__((vector_size(4 * LANES)));
typedef uint32_t uvec __attribute__((vector_size(4 * LANES)));

INLINE vec load(const float *at) {
  vec v;
  memcpy(&v, at, sizeof v);
  return v;
}

INLINE void store(float *at, vec v) {
  memcpy(at, &v, sizeof v);
}

/* The first count floats, which may be all; 0 beyond. */
INLINE vec load_some(const float *at, int64_t count) {
  if (count >= LANES) {
    return load(at);
  }
  vec v = {0};
  memcpy(&v, at, (size_t)count * sizeof(float));
  return v;
}

INLINE void store_some(float *at, vec v, int64_t count) {
  if (count >= LANES) {
    store(at, v);
  } else if (count > 0) {
    memcpy(at, &v, (size_t)count * sizeof(float));
  }
}

#if defined(__AVX512F__)
INLINE vec all(float x) {
  return (vec)_mm512_set1_ps(x);
}
/* a * b + c */
INLINE vec fma_(vec a, vec b, vec c) {
  return (vec)_mm512_fmadd_ps((__m512)a, (__m512)b, (__m512)c);
}
/* The larger of the two; x where it is NaN. */
INLINE vec at_least(vec bound, vec x) {
  return (vec)_mm512_max_ps((__m512)bound, (__m512)x);
}
INLINE vec at_most(vec bound, vec x) {
  return (vec)_mm512_min_ps((__m512)bound, (__m512)x);
}
INLINE vec root_of(vec x) {
  return (vec)_mm512_sqrt_ps((__m512)x);
}
#elif defined(__AVX2__)
INLINE vec all(float x) {
  return (vec)_mm256_set1_ps(x);
}
INLINE vec fma_(vec a, vec b, vec c) {
  return (vec)_mm256_fmadd_ps((__m256)a, (__m256)b, (__m256)c);
}
INLINE vec at_least(vec bound, vec x) {
  return (vec)_mm256_max_ps((__m256)bound, (__m256)x);
}
INLINE vec at_most(vec bound, vec x) {
  return (vec)_mm256_min_ps((__m256)bound, (__m256)x);
}
INLINE vec root_of(vec x) {
  return (vec)_mm256_sqrt_ps((__m256)x);
}
#elif defined(__aarch64__)
INLINE vec all(float x) {
  return (vec)vdupq_n_f32(x);
}
INLINE vec fma_(vec a, vec b, vec c) {
  return (vec)vfmaq_f32((float32x4_t)c, (float32x4_t)a, (float32x4_t)b);
}
INLINE vec at_least(vec bound, vec x) {
  return (vec)vmaxq_f32((float32x4_t)bound, (float32x4_t)x);
}
INLINE vec at_most(vec bound, vec x) {
  return (vec)vminq_f32((float32x4_t)bound, (float32x4_t)x);
}
INLINE vec root_of(vec x) {
  return (vec)vsqrtq_f32((float32x4_t)x);
}
#else
INLINE vec all(float x) {
  return (vec)_mm_set1_ps(x);
}
INLINE vec fma_(vec a, vec b, vec c) {
  return a * b + c;
}
INLINE vec at_least(vec bound, vec x) {
  return (vec)_mm_max_ps((__m128)bound, (__m128)x);
}
INLINE vec at_most(vec bound, vec x) {
  return (vec)_mm_min_ps((__m128)bound, (__m128)x);
}
INLINE vec root_of(vec x) {
  return (vec)_mm_sqrt_ps((__m128)x);
}
#endif

/* yes where the mask is set, else no. */
INLINE vec choose(ivec mask, vec yes, vec no) {
  return (vec)(((ivec)yes & mask) | ((ivec)no & ~mask));
}

/* NaN where either is. */
INLINE vec larger(vec a, vec b) {
  return choose(a != a, a, at_least(a, b));
}
INLINE vec smaller(vec a, vec b) {
  return choose(a != a, a, at_most(a, b));
}

INLINE vec magnitude(vec x) {
  return (vec)((ivec)x & INT32_MAX);
}

/* x doubled n times, n being whole and from -126 to 127. */
INLINE vec doubled(vec x, vec n) {
#if defined(__AVX512F__)
  return (vec)_mm512_scalef_ps((__m512)x, (__m512)n);
#else
  return x * (vec)(ivec)((uvec)(__builtin_convertvector(n, ivec) + 127) << 23);
#endif
}

/* The size of one with the sign of the other. */
INLINE vec signed_as(vec size, vec sign) {
  return (vec)(((ivec)size & INT32_MAX) | ((ivec)sign & INT32_MIN));
}

#endif
