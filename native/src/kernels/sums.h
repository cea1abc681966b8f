/* Operations over rows that take the sum of a row first: by lane, then over lanes, the same for every row. */
#ifndef SUMS_H
#define SUMS_H

#include "rows.h"
#include "wide.h"

INLINE float largest_of(const float *in, int64_t columns) {
  float largest = in[0];
  for (int64_t column = 1; column < columns; column++) {
    largest = in[column] > largest || in[column] != in[column] ? in[column] : largest;
  }
  return largest;
}

INLINE float sum_of_lanes(vec sums) {
  float sum = 0;
  for (int lane = 0; lane < LANES; lane++) {
    sum += sums[lane];
  }
  return sum;
}

/* The largest element is subtracted first. */
static void softmax_rows(const carousel_operation *op, int64_t begin, int64_t end) {
  const int64_t columns = op->cell.units;
  for (int64_t row = begin; row < end; row++) {
    const float *in = row_of(&op->in, op->step_row, row);
    float *out = row_of(&op->out, op->step_row, row);
    float largest = largest_of(in, columns);
    vec sums = all(0.0f);
    for (int64_t column = 0; column < columns; column += LANES) {
      vec e = exp_of(load_some(in + column, columns - column) - largest);
      store_some(out + column, e, columns - column);
      sums += load_some(out + column, columns - column);
    }
    float sum = sum_of_lanes(sums);
    for (int64_t column = 0; column < columns; column += LANES) {
      store_some(out + column, load_some(out + column, columns - column) / sum, columns - column);
    }
  }
}

/* The powers are not stored: out may be in, which is read again. */
static void log_softmax_rows(const carousel_operation *op, int64_t begin, int64_t end) {
  const int64_t columns = op->cell.units;
  for (int64_t row = begin; row < end; row++) {
    const float *in = row_of(&op->in, op->step_row, row);
    float *out = row_of(&op->out, op->step_row, row);
    float largest = largest_of(in, columns);
    vec sums = all(0.0f);
    for (int64_t column = 0; column < columns; column += LANES) {
      sums += first_lanes(exp_of(load_some(in + column, columns - column) - largest), columns - column);
    }
    float log = logf(sum_of_lanes(sums));
    for (int64_t column = 0; column < columns; column += LANES) {
      store_some(out + column, load_some(in + column, columns - column) - largest - log, columns - column);
    }
  }
}

/* A part of a row less its mean; 0 beyond its end. */
INLINE wide centred(const float *in, int64_t count, double mean) {
  return first_wide_lanes(widened(load_some(in, count)) - mean, count);
}

/* In double: the mean may be large and what is left small, and squares leave the floats. */
static void normalise_rows(const carousel_operation *op, int64_t begin, int64_t end) {
  const int64_t columns = op->cell.units;
  for (int64_t row = begin; row < end; row++) {
    const float *in = row_of(&op->in, op->step_row, row);
    float *out = row_of(&op->out, op->step_row, row);
    wide sums = {0};
    for (int64_t column = 0; column < columns; column += LANES) {
      sums += widened(load_some(in + column, columns - column));
    }
    double mean = sum_of_wide_lanes(sums) / (double)columns;
    wide squares = {0};
    for (int64_t column = 0; column < columns; column += LANES) {
      wide apart = centred(in + column, columns - column, mean);
      squares += apart * apart;
    }
    double root = sqrt(sum_of_wide_lanes(squares) / (double)columns + op->epsilon);
    for (int64_t column = 0; column < columns; column += LANES) {
      int64_t count = columns - column;
      wide x = centred(in + column, count, mean) / root;
      x = op->weights ? x * widened(load_some(op->weights + column, count)) : x;
      x = op->shift ? x + widened(load_some(op->shift + column, count)) : x;
      store_some(out + column, narrowed(x), count);
    }
  }
}

#endif
