/* An operation across steps: dealt to threads by rows of out, by sequences, or by strips of their columns. */
#include <string.h>

#include "context.h"
#include "layout.h"

struct job_across {
  const struct kernels *kernels;
  const carousel_across *across;
  int64_t units; /* of work, which parts are ranges of */
  int32_t parts;
};

enum phase { COMPUTE, KEEP };

static void copy(float *out, const float *in, int64_t floats) {
  memcpy(out, in, (size_t)floats * sizeof(float));
}

static void clear(float *out, int64_t floats) {
  memset(out, 0, (size_t)floats * sizeof(float));
}

/* The rows that are kept of a sequence's past. */
static int64_t kept_rows(const carousel_across *across) {
  return reach_of(&across->window) - 1;
}

/* The taps before the sequence: 0, or rows that were kept. */
static void gather_before(const carousel_across *across, struct taps taps, int64_t position, float *out) {
  const int64_t columns = across->columns;
  if (!across->other.data) {
    clear(out, taps.first * columns);
    return;
  }
  const float *past = across->other.data + position * across->other.stride;
  for (int64_t tap = 0; tap < taps.first; tap++) {
    copy(out + tap * columns, past + (kept_rows(across) + taps.begin + tap * taps.dilation) * columns, columns);
  }
}

/* The taps within the sequence: one copy where rows of a sequence lie side by side, as they do where it is alone. */
static void gather_within(const carousel_across *across, struct taps taps, int64_t position, float *out) {
  const int64_t columns = across->columns;
  const int64_t count = taps.end - taps.first;
  const int64_t step = taps.begin + taps.first * taps.dilation;
  if (count > 0 && taps.dilation == 1 && across->from->batch == 1 && across->in.stride == columns) {
    copy(out, row_at(&across->in, across->from, step, position), count * columns);
    return;
  }
  for (int64_t i = 0; i < count; i++) {
    copy(out + i * columns, row_at(&across->in, across->from, step + i * taps.dilation, position), columns);
  }
}

static void gather(const carousel_across *across, int64_t begin, int64_t end) {
  const int64_t columns = across->columns;
  struct place place = place_of(&across->out, across->to, begin);
  for (int64_t row = begin; row < end; row++) {
    struct taps taps = taps_of(across, place);
    float *out = across->out.data + row * across->out.stride;
    gather_before(across, taps, place.position, out);
    gather_within(across, taps, place.position, out + taps.first * columns);
    clear(out + taps.end * columns, (across->window.width - taps.end) * columns);
    place = place_behind(&across->out, across->to, place);
  }
}

static void last(const carousel_across *across, int64_t begin, int64_t end) {
  for (int64_t position = begin; position < end; position++) {
    int64_t step = steps_of(across->from, position) - 1;
    copy(row_at(&across->out, across->to, 0, position), row_at(&across->in, across->from, step, position),
         across->columns);
  }
}

/* Keeps the last rows of a sequence for the run to come, where it is shorter behind the latest of those before. */
static void keep(const carousel_across *across, int64_t position) {
  const int64_t columns = across->columns;
  const int64_t rows = kept_rows(across);
  const int64_t steps = steps_of(across->from, position);
  const int64_t fresh = steps < rows ? steps : rows;
  float *past = across->other.data + position * across->other.stride;
  memmove(past, past + fresh * columns, (size_t)((rows - fresh) * columns) * sizeof(float));
  for (int64_t i = 0; i < fresh; i++) {
    copy(past + (rows - fresh + i) * columns, row_at(&across->in, across->from, steps - fresh + i, position), columns);
  }
}

/* A part is a range of the units; of what is kept, of the sequences. */
static void compute(const void *work, int32_t phase, int32_t part) {
  const struct job_across *job = work;
  const carousel_across *across = job->across;
  const int64_t units = phase == KEEP ? across->from->batch : job->units;
  const int64_t begin = units * part / job->parts;
  const int64_t end = units * (part + 1) / job->parts;
  if (phase == KEEP) {
    for (int64_t position = begin; position < end; position++) {
      keep(across, position);
    }
    return;
  }
  switch (across->kind) {
    case CAROUSEL_GATHER: gather(across, begin, end); break;
    case CAROUSEL_LAST: last(across, begin, end); break;
    case CAROUSEL_SOFTMAX_STEPS: job->kernels->softmax_steps(across, begin, end); break;
    case CAROUSEL_WEIGHTED_SUM: job->kernels->weighted_sum(across, begin, end); break;
    default: job->kernels->pool(across, begin, end); break;
  }
}

/* The elements that one result, or a sequence whose steps are all results, is made of. */
static int64_t elements_of(const carousel_across *across) {
  int64_t each = across->kind == CAROUSEL_WEIGHTED_SUM ? (int64_t)across->columns * across->heads : across->columns;
  return each * (across->kind == CAROUSEL_LAST ? 1 : across->window.width ? across->window.width : across->from->steps);
}

void carousel_run_across(carousel_context *context, const carousel_across *across) {
  const int64_t strips = divided_up(across->columns, context->kernels->lanes);
  const int by_row = across->out.per_step && across->kind != CAROUSEL_SOFTMAX_STEPS;
  const int64_t results = by_row ? rows_of(across->to) : across->to->batch;
  struct job_across work = {context->kernels, across, results, 1};
  if (across->kind == CAROUSEL_WEIGHTED_SUM) {
    work.units = results * strips * across->heads;
  } else if (across->kind != CAROUSEL_GATHER && across->kind != CAROUSEL_LAST) {
    work.units = results * strips;
  }
  struct job job = {compute, &work, 1, 1, 1};
  job.phases = across->kind == CAROUSEL_GATHER && across->other.data ? 2 : 1;
  job.shares = threads_worth(context, results * elements_of(across) * ELEMENT_WORK);
  if (job.shares > 1) {
    job.parts = PARTS;
    work.parts = job.shares * PARTS;
  }
  team_run(&context->team, &job, 1);
}
