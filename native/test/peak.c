#include "peak.h"

#include <stddef.h>
#include <time.h>

enum { SUMS = 12, ROUNDS = 1 << 20 };

double seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* What they add is hidden from the compiler. */
#define PEAK(tier, lanes, attribute, multiply_add)                                                                     \
  typedef float vector_##tier __attribute__((vector_size(4 * lanes)));                                                 \
  attribute static double peak_##tier(void) {                                                                          \
    vector_##tier sum[SUMS] = {{0}};                                                                                   \
    vector_##tier a = {0};                                                                                             \
    vector_##tier b = {0};                                                                                             \
    for (int i = 0; i < SUMS; i++) {                                                                                   \
      __asm__ volatile("" : "+" REGISTER(sum[i]));                                                                     \
    }                                                                                                                  \
    for (int round = 0; round < ROUNDS; round++) {                                                                     \
      __asm__ volatile("" : "+" REGISTER(a), "+" REGISTER(b));                                                         \
      _Pragma("GCC unroll 12") for (int i = 0; i < SUMS; i++) {                                                        \
        sum[i] = multiply_add;                                                                                         \
      }                                                                                                                \
    }                                                                                                                  \
    for (int i = 0; i < SUMS; i++) {                                                                                   \
      __asm__ volatile("" : "+" REGISTER(sum[i]));                                                                     \
    }                                                                                                                  \
    return 2.0 * lanes * SUMS * ROUNDS;                                                                                \
  }

#if defined(__x86_64__)
#include <immintrin.h>
#define REGISTER(v) "v"(v)
PEAK(sse2, 4, , sum[i] + a * b)
PEAK(avx2, 8, __attribute__((target("avx2,fma"))), (vector_avx2)_mm256_fmadd_ps((__m256)a, (__m256)b, (__m256)sum[i]))
PEAK(avx512, 16, __attribute__((target("avx512f"))),
     (vector_avx512)_mm512_fmadd_ps((__m512)a, (__m512)b, (__m512)sum[i]))
static double (*const PEAKS[])(void) = {peak_sse2, peak_avx2, peak_avx512, NULL};
#else
#include <arm_neon.h>
#define REGISTER(v) "w"(v)
PEAK(neon, 4, , (vector_neon)vfmaq_f32((float32x4_t)sum[i], (float32x4_t)a, (float32x4_t)b))
static double (*const PEAKS[])(void) = {NULL, NULL, NULL, peak_neon};
#endif

double multiply_adds(int32_t tier) {
  return PEAKS[tier]();
}
