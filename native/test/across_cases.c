#include "across_cases.h"

#include <math.h>
#include <string.h>

#include "check.h"
#include "guard.h"
#include "naive.h"

enum { STEPS = 11, MOST_BATCH = 65, HEADS = 3 };

static int64_t failures;

/* The rows of a run along an axis. */
struct rows {
  int32_t active[STEPS * 2];
  int32_t first[STEPS * 2];
  int32_t length[MOST_BATCH];
  int64_t all;
  carousel_layout layout;
};

/* Of sequences with so many steps each, from long to short; ragged where there are tables. */
static void lay_out(struct rows *rows, int32_t batch, int ragged) {
  rows->all = 0;
  for (int32_t step = 0; step < rows->length[0]; step++) {
    rows->first[step] = (int32_t)rows->all;
    rows->active[step] = 0;
    for (int32_t position = 0; position < batch; position++) {
      rows->active[step] += rows->length[position] > step;
    }
    rows->all += rows->active[step];
  }
  rows->layout = (carousel_layout){rows->length[0], batch, ragged ? rows->active : NULL, ragged ? rows->first : NULL,
                                   ragged ? rows->length : NULL};
}

struct test {
  const char *tier;
  carousel_context *context;
  carousel_context *threads;
  int32_t batch;
  int ragged;
  int keeps;     /* a history */
  int32_t after; /* steps of the window behind a sequence */
  carousel_across across;
};

/* The floats of a row of out. */
static int64_t width_of(const struct test *test) {
  const carousel_across *across = &test->across;
  return (int64_t)across->columns * (across->kind == CAROUSEL_GATHER         ? across->window.width
                                     : across->kind == CAROUSEL_WEIGHTED_SUM ? across->heads
                                                                             : 1);
}

static int64_t kept_floats(const struct test *test) {
  return (int64_t)test->across.window.dilation * (test->across.window.width - 1) * test->across.columns;
}

static void compare(const struct test *test, const struct rows *to, const float *past, const float *out) {
  const carousel_across *across = &test->across;
  int64_t width = width_of(test);
  for (int32_t position = 0; position < test->batch; position++) {
    for (int32_t step = 0; step < (across->out.per_step ? to->length[position] : 1); step++) {
      int64_t row = position + (across->out.per_step ? to->first[step] : 0);
      for (int64_t column = 0; column < width; column++) {
        double expected = naive_across(across, past, step, position, column);
        float found = out[row * width + column];
        CHECK(found == expected || (isnan(found) && isnan(expected)) ||
                  fabs(found - expected) < 1e-6 * fmax(1, fabs(expected)),
              "%s: operation %d across steps, %d columns of %d%s: step %d of %d, column %d, is %g, and should be %g",
              test->tier, across->kind, across->columns, test->batch, test->ragged ? ", ragged" : "", step, position,
              (int)column, (double)found, expected);
      }
    }
  }
}

/* What is kept is what a window that begins with the next step would find before it. */
static void compare_kept(const struct test *test, const struct rows *from, const float *past, const float *now) {
  carousel_across across = test->across;
  int64_t floats = kept_floats(test);
  int32_t kept = (int32_t)(floats / across.columns);
  across.window.before = kept;
  for (int32_t position = 0; position < test->batch; position++) {
    for (int64_t i = 0; i < floats; i++) {
      int64_t step = from->length[position] - kept + i / across.columns;
      across.window.dilation = 1;
      across.window.width = kept + 1; /* as many rows are kept */
      double expected = naive_across(&across, past, step + kept, position, i % across.columns);
      CHECK((double)now[position * floats + i] == expected,
            "%s: a window of %d, %d apart, keeps a wrong row of sequence %d", test->tier, test->across.window.width,
            test->across.window.dilation, position);
    }
  }
}

static void run(struct test *test) {
  struct rows from;
  struct rows to;
  carousel_across *across = &test->across;
  for (int32_t i = 0; i < test->batch; i++) {
    from.length[i] = test->ragged ? STEPS - i * (STEPS - 5) / test->batch : STEPS;
    to.length[i] = across->out.per_step && across->window.width
                       ? naive_results(&across->window, test->after, from.length[i])
                       : from.length[i];
  }
  lay_out(&from, test->batch, test->ragged);
  lay_out(&to, test->batch, test->ragged);
  int64_t width = width_of(test);
  int64_t ins = (across->in.per_step ? from.all : test->batch) * across->columns;
  int64_t outs = (across->out.per_step ? to.all : test->batch) * width;
  int weighs = across->kind == CAROUSEL_WEIGHTED_SUM;
  int64_t others = weighs ? from.all * HEADS : test->keeps ? test->batch * kept_floats(test) : 0;
  float *in = guarded(ins, 1);
  float *past = guarded(others, 2);
  float *now[2] = {guarded(others, 2), guarded(others, 2)};
  float *out[2] = {guarded(outs, 3), guarded(outs, 4)};
  across->in.data = in;
  across->in.stride = across->columns;
  across->out.stride = width;
  across->from = &from.layout;
  across->to = &to.layout;
  for (int i = 0; i < 2; i++) {
    across->other = (carousel_rows){others ? now[i] : NULL, weighs ? HEADS : others / test->batch, weighs};
    across->out.data = out[i];
    carousel_run_across(i ? test->threads : test->context, across);
  }
  compare(test, &to, test->keeps && others ? past : NULL, out[0]);
  if (test->keeps) {
    compare_kept(test, &from, past, now[0]);
  }
  CHECK(!memcmp(out[0], out[1], (size_t)outs * sizeof(float)) &&
            !memcmp(now[0], now[1], (size_t)others * sizeof(float)),
        "%s: operation %d across steps of %d columns differs on threads", test->tier, across->kind, across->columns);
  for (int i = 0; i < 2; i++) {
    unguard(out[i], outs);
    unguard(now[i], others);
  }
  unguard(past, others);
  unguard(in, ins);
}

/* Windows of each kind: what the operation is with them. */
static void windowed(struct test test) {
  static const carousel_window WINDOWS[] = {{1, 1, 1, 0, 0}, {3, 1, 1, 1, 0}, {3, 2, 1, 0, 1}, {2, 3, 2, 0, 1},
                                            {3, 2, 2, 4, 0}, {4, 1, 1, 3, 0}, {3, 1, 2, 4, 0}, {2, 5, 1, 0, 1}};
  static const int32_t AFTER[] = {0, 1, 0, 0, 4, 0, 0, 0};
  static const int32_t KINDS[] = {CAROUSEL_GATHER, CAROUSEL_MEAN, CAROUSEL_MEAN_PADDED, CAROUSEL_MAX};
  test.across.out.per_step = 1;
  for (int window = 0; window < 8; window++) {
    test.across.window = WINDOWS[window];
    test.after = AFTER[window];
    for (int kind = 0; kind < 4; kind++) {
      test.across.kind = KINDS[kind];
      run(&test);
    }
    test.across.kind = CAROUSEL_GATHER;
    test.keeps = window == 5 || window == 6;
    run(&test);
    test.keeps = 0;
  }
}

static void whole(struct test test) {
  static const int32_t KINDS[] = {CAROUSEL_LAST, CAROUSEL_SUM, CAROUSEL_MEAN, CAROUSEL_MAX, CAROUSEL_WEIGHTED_SUM};
  for (int kind = 0; kind < 5; kind++) {
    test.across.kind = KINDS[kind];
    run(&test);
  }
  test.across.kind = CAROUSEL_GATHER; /* side by side, with room for more steps or just enough */
  test.across.window = (carousel_window){STEPS + test.ragged, 1, 1, 0, 0};
  run(&test);
  test.across.window = (carousel_window){0};
  test.across.kind = CAROUSEL_SOFTMAX_STEPS;
  test.across.out.per_step = 1;
  run(&test);
  test.across.kind = CAROUSEL_GATHER; /* a row at each step */
  test.across.window = (carousel_window){1, 1, 1, 0, 0};
  test.across.in.per_step = 0;
  run(&test);
}

int64_t across_cases(const char *tier, carousel_context *context, carousel_context *threads, int32_t columns,
                     int32_t batch) {
  failures = 0;
  for (int ragged = 0; ragged < 2; ragged++) {
    struct test test = {.tier = tier, .context = context, .threads = threads, .batch = batch, .ragged = ragged};
    test.across.columns = columns;
    test.across.heads = HEADS;
    test.across.in.per_step = 1;
    windowed(test);
    whole(test);
  }
  return failures;
}
