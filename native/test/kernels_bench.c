/*
 * How fast the kernels of the list are, beside the peak of the processor. One thread; each stage runs on a product
 * whose weights stay in the cache.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "check.h"
#include "context.h"
#include "guard.h"

enum { UNITS = 256, DEPTH = 256, BATCH = 48 };

static double seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

enum { SUMS = 12, ROUNDS = 1 << 20 };

/*
 * Multiply-adds on registers alone: enough independent sums to hide their latency. What they add is hidden from the
 * compiler.
 */
#define PEAK(tier, lanes, attribute, multiply_add)                                                                     \
  typedef float vector_##tier __attribute__((vector_size(4 * lanes)));                                                 \
  attribute static double peak_##tier(void) {                                                                          \
    vector_##tier sum[SUMS] = {{0}};                                                                                   \
    vector_##tier a = {0};                                                                                             \
    vector_##tier b = {0};                                                                                             \
    for (int i = 0; i < SUMS; i++) {                                                                                   \
      __asm__ volatile("" : "+" REGISTER(sum[i]));                                                                     \
    }                                                                                                                  \
    double start = seconds();                                                                                          \
    for (int round = 0; round < ROUNDS; round++) {                                                                     \
      __asm__ volatile("" : "+" REGISTER(a), "+" REGISTER(b));                                                         \
      _Pragma("GCC unroll 12") for (int i = 0; i < SUMS; i++) {                                                        \
        sum[i] = multiply_add;                                                                                         \
      }                                                                                                                \
    }                                                                                                                  \
    for (int i = 0; i < SUMS; i++) {                                                                                   \
      __asm__ volatile("" : "+" REGISTER(sum[i]));                                                                     \
    }                                                                                                                  \
    return 2.0 * lanes * SUMS * ROUNDS / (seconds() - start) / 1e9;                                                    \
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

static double peak(int32_t tier) {
  double best = 0;
  for (int repeat = 0; repeat < 20; repeat++) {
    double rate = PEAKS[tier]();
    best = rate > best ? rate : best;
  }
  return best;
}

struct data {
  float *in;
  float *weights;
  float *sums;
  float *state;
  float *rows[3];
};

static double stage_rate(stage_kernel *kernel, const struct kernels *kernels, int32_t gates, const struct data *data) {
  carousel_cell cell = {.units = UNITS,
                        .gate = {CAROUSEL_SIGMOID, 0, 0},
                        .candidate = {CAROUSEL_TANH, 0, 0},
                        .output = {CAROUSEL_TANH, 0, 0},
                        .clip = INFINITY};
  struct stage stage = {.cell = &cell,
                        .products = {{data->in, DEPTH, data->weights, NULL, DEPTH}},
                        .count = 1,
                        .vectors = gates * panel_groups(gates),
                        .rows = BATCH,
                        .sums = data->sums,
                        .sums_stride = 4 * UNITS,
                        .previous = data->rows[0],
                        .previous_stride = UNITS,
                        .next = data->rows[1],
                        .next_stride = UNITS,
                        .state = data->state,
                        .state_stride = UNITS,
                        .out = data->rows[2],
                        .out_stride = UNITS};
  double start = seconds();
  int64_t calls = 0;
  while (seconds() - start < 0.2) {
    kernel(&stage, 0, panel_count(kernels, gates, UNITS));
    calls++;
  }
  return (double)calls * 2 * DEPTH * BATCH * gates * UNITS / (seconds() - start) / 1e9;
}

static int32_t gates_of(const char *name) {
  static const char *const NAMES[] = {"lstm", "project", "lstm_coupled", "gru_after", "gru_reset"};
  static const int32_t GATES[] = {4, 4, 3, 3, 2};
  for (int i = 0; i < 5; i++) {
    if (strcmp(name, NAMES[i]) == 0) {
      return GATES[i];
    }
  }
  return 1;
}

static double rows_rate(rows_kernel *kernel, int32_t kind, const struct data *data) {
  carousel_operation op = {.cell = {.kind = kind,
                                    .units = UNITS,
                                    .gate = {CAROUSEL_SIGMOID, 0, 0},
                                    .candidate = {CAROUSEL_TANH, 0, 0},
                                    .output = {CAROUSEL_TANH, 0, 0},
                                    .clip = INFINITY},
                           .in = {data->sums, 4 * UNITS, 0},
                           .other = {data->rows[0], UNITS, 0},
                           .state = {data->state, UNITS, 0},
                           .hidden = {data->rows[1], UNITS, 0},
                           .out = {data->rows[2], UNITS, 0}};
  double start = seconds();
  int64_t calls = 0;
  while (seconds() - start < 0.2) {
    kernel(&op, 0, 0, BATCH);
    calls++;
  }
  return (double)calls * BATCH * UNITS / (seconds() - start) / 1e9;
}

static int32_t kind_of(const char *name) {
  return strcmp(name, "activate") == 0  ? CAROUSEL_ACTIVATE
         : strcmp(name, "softmax") == 0 ? CAROUSEL_SOFTMAX
         : strcmp(name, "combine") == 0 ? CAROUSEL_ADD
         : strcmp(name, "copy") == 0    ? CAROUSEL_COPY
                                        : CAROUSEL_LSTM;
}

int main(void) {
  struct data data = {guarded(BATCH * DEPTH, 1),
                      guarded((DEPTH + 1) * 4 * UNITS, 2),
                      guarded(BATCH * 4 * UNITS, 3),
                      guarded(BATCH * UNITS, 4),
                      {0}};
  for (int i = 0; i < 3; i++) {
    data.rows[i] = guarded(BATCH * UNITS, 5);
  }
  for (int32_t tier = 0; tier < CAROUSEL_TIERS; tier++) {
    if (carousel_tier_support(tier) == CAROUSEL_READY) {
      carousel_context *context = carousel_open(tier, 1);
      const struct kernels *kernels = context->kernels;
      double most = peak(tier);
      printf("%s: peak %.1f GFLOP/s\n", TIER_NAMES[tier], most);
#define STAGE(name)                                                                                                    \
  {                                                                                                                    \
    double rate = stage_rate(kernels->name, kernels, gates_of(#name), &data);                                          \
    printf("  %-14s %7.1f GFLOP/s, %3.0f %% of the peak\n", #name, rate, 100 * rate / most);                           \
  }
#define ROWS(name) printf("  %-14s %7.2f G elements/s\n", #name, rows_rate(kernels->name, kind_of(#name), &data));
#include "kernels/kernels.inc"
#undef STAGE
#undef ROWS
      carousel_close(context);
    }
  }
  return EXIT_SUCCESS;
}
