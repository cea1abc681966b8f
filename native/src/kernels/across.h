/* Operations across steps, a strip at a time: a vector of columns of one result. */
#ifndef ACROSS_H
#define ACROSS_H

#include "functions.h"
#include "kernels.h"
#include "layout.h"
#include "wide.h"

INLINE int64_t strips_of(const carousel_across *across) {
  return (across->columns + LANES - 1) / LANES;
}

/* The part of a row of in that a strip reads. */
INLINE vec load_at(const carousel_across *across, struct place place, int64_t column) {
  return load_some(row_at(&across->in, across->from, place.step, place.position) + column, across->columns - column);
}

INLINE vec largest_at(const carousel_across *across, struct taps taps, int64_t position, int64_t column) {
  vec largest = all(-INFINITY);
  for (int64_t tap = taps.first; tap < taps.end; tap++) {
    struct place place = {taps.begin + tap * taps.dilation, position};
    largest = larger(largest, load_at(across, place, column));
  }
  return largest;
}

INLINE vec total_at(const carousel_across *across, struct taps taps, int64_t position, int64_t column) {
  wide sum = {0};
  for (int64_t tap = taps.first; tap < taps.end; tap++) {
    struct place place = {taps.begin + tap * taps.dilation, position};
    sum += widened(load_at(across, place, column));
  }
  switch (across->kind) {
    case CAROUSEL_SUM: return narrowed(sum);
    case CAROUSEL_MEAN: return narrowed(sum / (double)(taps.end - taps.first));
    default: return narrowed(sum / (double)across->window.width);
  }
}

/* The strips are those of rows of out. */
static void pool_across(const carousel_across *across, int64_t begin, int64_t end) {
  const int64_t strips = strips_of(across);
  for (int64_t i = begin; i < end; i++) {
    struct place place = place_of(&across->out, across->to, i / strips);
    struct taps taps = taps_of(across, place);
    int64_t column = i % strips * LANES;
    vec result = across->kind == CAROUSEL_MAX ? largest_at(across, taps, place.position, column)
                                              : total_at(across, taps, place.position, column);
    float *out = row_at(&across->out, across->to, place.step, place.position) + column;
    store_some(out, result, across->columns - column);
  }
}

/* The largest element is subtracted first. The strips are those of sequences. */
static void softmax_steps_across(const carousel_across *across, int64_t begin, int64_t end) {
  const int64_t strips = strips_of(across);
  for (int64_t i = begin; i < end; i++) {
    struct place place = {0, i / strips};
    int64_t column = i % strips * LANES;
    int64_t count = across->columns - column;
    int64_t steps = steps_of(across->from, place.position);
    vec largest = largest_at(across, (struct taps){0, 1, 0, steps}, place.position, column);
    wide sum = {0};
    for (; place.step < steps; place.step++) {
      vec e = exp_of(load_at(across, place, column) - largest);
      sum += widened(e);
      store_some(row_at(&across->out, across->to, place.step, place.position) + column, e, count);
    }
    vec total = narrowed(sum);
    for (int64_t step = 0; step < steps; step++) {
      float *out = row_at(&across->out, across->to, step, place.position) + column;
      store_some(out, load_some(out, count) / total, count);
    }
  }
}

/* The strips are those of sequences and, in each, of heads. */
static void weighted_sum_across(const carousel_across *across, int64_t begin, int64_t end) {
  const int64_t strips = strips_of(across);
  for (int64_t i = begin; i < end; i++) {
    struct place place = {0, i / strips / across->heads};
    int64_t head = i / strips % across->heads;
    int64_t column = i % strips * LANES;
    int64_t steps = steps_of(across->from, place.position);
    wide sum = {0};
    for (; place.step < steps; place.step++) {
      double weight = row_at(&across->other, across->from, place.step, place.position)[head];
      sum += widened(load_at(across, place, column)) * weight;
    }
    float *out = row_at(&across->out, across->to, 0, place.position) + head * across->columns + column;
    store_some(out, narrowed(sum), across->columns - column);
  }
}

#endif
