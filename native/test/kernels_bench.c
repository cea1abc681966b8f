/*
 * How fast the kernels of the list are, beside the peak of the processor. One thread; each stage runs on a product
 * whose weights stay in the cache.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "context.h"
#include "guard.h"
#include "peak.h"
#include "tiers.h"

enum { UNITS = 256, DEPTH = 256, BATCH = 48 };

enum { REPEATS = 20 };

static double peak(int32_t tier) {
  double best = 0;
  for (int repeat = 0; repeat < REPEATS; repeat++) {
    double start = seconds();
    double operations = multiply_adds(tier);
    best = fmax(best, operations / (seconds() - start) / 1e9);
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
    kernel(&op, 0, BATCH);
    calls++;
  }
  return (double)calls * BATCH * UNITS / (seconds() - start) / 1e9;
}

static int32_t kind_of(const char *name) {
  return strcmp(name, "activate") == 0      ? CAROUSEL_ACTIVATE
         : strcmp(name, "softmax") == 0     ? CAROUSEL_SOFTMAX
         : strcmp(name, "log_softmax") == 0 ? CAROUSEL_LOG_SOFTMAX
         : strcmp(name, "normalise") == 0   ? CAROUSEL_NORMALISE
         : strcmp(name, "scale") == 0       ? CAROUSEL_SCALE
         : strcmp(name, "combine") == 0     ? CAROUSEL_ADD
         : strcmp(name, "copy") == 0        ? CAROUSEL_COPY
                                            : CAROUSEL_LSTM;
}

/* One sequence, with its rows as steps. */
static double across_rate(across_kernel *kernel, int32_t lanes, const struct data *data) {
  carousel_layout layout = {BATCH, 1, NULL, NULL, NULL};
  carousel_across across = {.kind = CAROUSEL_MEAN,
                            .columns = UNITS,
                            .heads = 1,
                            .in = {data->rows[0], UNITS, 1},
                            .other = {data->rows[1], UNITS, 1},
                            .out = {data->rows[2], UNITS, 1},
                            .from = &layout,
                            .to = &layout};
  double start = seconds();
  int64_t calls = 0;
  while (seconds() - start < 0.2) {
    kernel(&across, 0, UNITS / lanes);
    calls++;
  }
  return (double)calls * BATCH * UNITS / (seconds() - start) / 1e9;
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
    if (ready(tier)) {
      carousel_context *context = opened(tier, 1);
      const struct kernels *kernels = context->kernels;
      double most = peak(tier);
      printf("%s: peak %.1f GFLOP/s\n", TIER_NAMES[tier], most);
#define STAGE(name)                                                                                                    \
  {                                                                                                                    \
    double rate = stage_rate(kernels->name, kernels, gates_of(#name), &data);                                          \
    printf("  %-14s %7.1f GFLOP/s, %3.0f %% of the peak\n", #name, rate, 100 * rate / most);                           \
  }
#define ROWS(name) printf("  %-14s %7.2f G elements/s\n", #name, rows_rate(kernels->name, kind_of(#name), &data));
#define ACROSS(name) printf("  %-14s %7.2f G elements/s\n", #name, across_rate(kernels->name, kernels->lanes, &data));
#include "kernels/kernels.inc"
#undef STAGE
#undef ROWS
#undef ACROSS
      carousel_close(context);
    }
  }
  return EXIT_SUCCESS;
}
