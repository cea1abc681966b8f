/*
 * Threads: contexts opened and closed, one context used by several callers at once, jobs of many short phases. Each
 * result is compared with one thread's, bit for bit. Built with the thread sanitizer it also finds races.
 * The argument is the number of calls of each caller.
 */
#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "carousel.h"
#include "check.h"
#include "guard.h"
#include "tiers.h"

enum { UNITS = 96, STEPS = 20, BATCH = 16, CALLERS = 4 };

static int64_t failures;
static int calls = 40;

struct caller {
  carousel_context *context;
  const carousel_scan *scans; /* two */
  const float *expected;      /* [2][STEPS * BATCH][UNITS] */
  int wrong;
};

static void call(carousel_context *context, const carousel_scan *model, float *out) {
  static const carousel_layout LAYOUT = {STEPS, BATCH, NULL, NULL, NULL};
  carousel_scan scans[2] = {model[0], model[1]};
  float *kept[4];
  float *workspace[2];
  for (int i = 0; i < 2; i++) {
    kept[i] = calloc((size_t)BATCH * UNITS, sizeof(float));
    kept[2 + i] = calloc((size_t)BATCH * UNITS, sizeof(float));
    scans[i].layout = &LAYOUT;
    carousel_size_scan(context, &scans[i]);
    workspace[i] = aligned_alloc(64, (size_t)(scans[i].workspace_floats * 4 + 63) / 64 * 64);
    scans[i].hidden = (carousel_rows){kept[i], UNITS, 0};
    scans[i].state = (carousel_rows){kept[2 + i], UNITS, 0};
    scans[i].out = (carousel_rows){out + i * STEPS * BATCH * UNITS, UNITS, 1};
    scans[i].workspace = workspace[i];
  }
  scans[0].beside = &scans[1];
  carousel_run_scan(context, scans);
  for (int i = 0; i < 4; i++) {
    free(kept[i]);
    free(i < 2 ? workspace[i] : NULL);
  }
}

static void *work(void *argument) {
  struct caller *caller = argument;
  size_t bytes = (size_t)2 * STEPS * BATCH * UNITS * sizeof(float);
  float *out = malloc(bytes);
  for (int i = 0; i < calls; i++) {
    memset(out, 0, bytes);
    call(caller->context, caller->scans, out);
    caller->wrong += memcmp(out, caller->expected, bytes) != 0;
  }
  free(out);
  return NULL;
}

static void callers(int32_t tier, int32_t threads, const carousel_scan *scans, const float *expected) {
  carousel_context *context = opened(tier, threads);
  pthread_t started[CALLERS];
  struct caller all[CALLERS];
  for (int i = 0; i < CALLERS; i++) {
    all[i] = (struct caller){context, scans, expected, 0};
    pthread_create(&started[i], NULL, work, &all[i]);
  }
  for (int i = 0; i < CALLERS; i++) {
    pthread_join(started[i], NULL);
    CHECK(all[i].wrong == 0, "%s: with %d threads %d of %d calls gave other bits than one thread", TIER_NAMES[tier],
          threads, all[i].wrong, calls);
  }
  carousel_close(context);
}

int main(int count, char **arguments) {
  calls = count > 1 ? atoi(arguments[1]) : calls;
  for (int32_t tier = 0; tier < CAROUSEL_TIERS; tier++) {
    if (!ready(tier)) {
      continue;
    }
    carousel_context *one = opened(tier, 1);
    int64_t rows = 4 * UNITS;
    int64_t given;
    carousel_matrix matrix = {4, UNITS, UNITS, guarded(rows * UNITS, 1), NULL, 0, NULL};
    carousel_size_matrix(one, &matrix);
    matrix.packed = guarded_lines(matrix.packed_floats, &given);
    carousel_pack(one, &matrix);
    carousel_scan scans[2];
    for (int i = 0; i < 2; i++) {
      scans[i] = (carousel_scan){.inputs = UNITS,
                                 .width = UNITS,
                                 .reverse = i,
                                 .input_weights = matrix.packed,
                                 .recurrent_weights = matrix.packed};
      scans[i].cell = (carousel_cell){.kind = CAROUSEL_LSTM,
                                      .units = UNITS,
                                      .gate = {CAROUSEL_SIGMOID, 0, 0},
                                      .candidate = {CAROUSEL_TANH, 0, 0},
                                      .output = {CAROUSEL_TANH, 0, 0},
                                      .clip = INFINITY};
      scans[i].in = (carousel_rows){guarded((int64_t)STEPS * BATCH * UNITS, 2), UNITS, 1};
    }
    float *expected = malloc((size_t)2 * STEPS * BATCH * UNITS * sizeof(float));
    call(one, scans, expected);
    for (int32_t threads = 1; threads <= 5; threads++) {
      callers(tier, threads, scans, expected);
    }
    for (int i = 0; i < 100; i++) {
      carousel_close(opened(tier, 1 + i % 4));
    }
    carousel_close(one);
    free(expected);
    printf("%s: %d callers with 1 to 5 threads, %lld failures\n", TIER_NAMES[tier], CALLERS, (long long)failures);
  }
  return failures ? EXIT_FAILURE : EXIT_SUCCESS;
}
