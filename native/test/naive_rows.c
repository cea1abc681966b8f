#include <math.h>
#include <stddef.h>

#include "naive.h"

static const float *row_of(const carousel_rows *rows, int64_t row) {
  return rows->data + row * rows->stride;
}

static double larger(double a, double b) {
  return isnan(a) || a > b ? a : b;
}

static double softmax(const float *in, int32_t columns, int64_t column, int log_of_it) {
  double largest = -INFINITY;
  for (int32_t i = 0; i < columns; i++) {
    largest = larger(largest, in[i]);
  }
  double sum = 0;
  for (int32_t i = 0; i < columns; i++) {
    sum += exp(in[i] - largest);
  }
  return log_of_it ? in[column] - largest - log(sum) : exp(in[column] - largest) / sum;
}

static double normalised(const float *in, int32_t columns, int64_t column, double epsilon) {
  double mean = 0;
  for (int32_t i = 0; i < columns; i++) {
    mean += (double)in[i] / columns;
  }
  double variance = 0;
  for (int32_t i = 0; i < columns; i++) {
    variance += (in[i] - mean) * (in[i] - mean) / columns;
  }
  return (in[column] - mean) / sqrt(variance + epsilon);
}

double naive_row(const carousel_operation *operation, int64_t row, int64_t column) {
  const float *in = row_of(&operation->in, row);
  double x = in[column];
  double y = operation->other.data ? row_of(&operation->other, row)[operation->depth == 1 ? 0 : column] : 0;
  double scale = operation->weights ? operation->weights[column] : 1;
  double shift = operation->shift ? operation->shift[column] : 0;
  int32_t columns = operation->cell.units;
  switch (operation->cell.kind) {
    case CAROUSEL_ACTIVATE: return naive_activation(&operation->cell.gate, x);
    case CAROUSEL_SOFTMAX: return softmax(in, columns, column, 0);
    case CAROUSEL_LOG_SOFTMAX: return softmax(in, columns, column, 1);
    case CAROUSEL_NORMALISE: return scale * normalised(in, columns, column, operation->epsilon) + shift;
    case CAROUSEL_SCALE: return scale * x + shift;
    case CAROUSEL_ADD: return x + y;
    case CAROUSEL_AVERAGE: return (x + y) / 2;
    case CAROUSEL_MULTIPLY: return x * y;
    case CAROUSEL_SUBTRACT: return x - y;
    case CAROUSEL_DIVIDE: return x / y;
    case CAROUSEL_MAXIMUM: return isnan(y) ? y : larger(x, y);
    case CAROUSEL_MINIMUM: return isnan(y) ? y : -larger(-x, -y);
    default: return x;
  }
}

int32_t naive_results(const carousel_window *window, int32_t after, int32_t steps) {
  if (window->same) {
    return (steps + window->stride - 1) / window->stride;
  }
  int32_t results = 0;
  int32_t last = window->dilation * (window->width - 1);
  while (steps > 0 && results * window->stride - window->before + last < steps + after) {
    results++;
  }
  return results;
}

/* An element of a row that may lie before the sequence, where it is past or 0, or behind it. */
static double element(const carousel_across *across, const float *past, int64_t step, int64_t position,
                      int64_t column) {
  const carousel_layout *from = across->from;
  if (!across->in.per_step) {
    return row_of(&across->in, position)[column];
  }
  int64_t kept = (int64_t)across->window.dilation * (across->window.width - 1);
  if (step < 0 && past) {
    return past[position * across->other.stride + (kept + step) * across->columns + column];
  }
  if (step < 0 || step >= (from->length ? from->length[position] : from->steps)) {
    return 0;
  }
  int64_t first = from->first ? from->first[step] : step * from->batch;
  return row_of(&across->in, first + position)[column];
}

static int64_t length(const carousel_layout *layout, int64_t position) {
  return layout->length ? layout->length[position] : layout->steps;
}

static int64_t window_begin(const carousel_across *across, int64_t step, int64_t position) {
  const carousel_window *window = &across->window;
  int64_t before = window->before;
  if (window->same) {
    int64_t needed = (length(across->to, position) - 1) * window->stride + window->dilation * (window->width - 1) + 1;
    int64_t lacking = needed - length(across->from, position);
    before = lacking > 0 ? lacking / 2 : 0;
  }
  return step * window->stride - before;
}

static double pooled(const carousel_across *across, int64_t step, int64_t position, int64_t column) {
  int64_t steps = length(across->from, position);
  int whole = across->window.width == 0;
  int64_t begin = whole ? 0 : window_begin(across, step, position);
  double sum = 0;
  double largest = -INFINITY;
  int64_t there = 0;
  for (int64_t tap = 0; tap < (whole ? steps : across->window.width); tap++) {
    int64_t at = begin + tap * (whole ? 1 : across->window.dilation);
    if (at >= 0 && at < steps) {
      double x = element(across, NULL, at, position, column);
      sum += x;
      largest = isnan(x) ? x : larger(largest, x);
      there++;
    }
  }
  switch (across->kind) {
    case CAROUSEL_SUM: return sum;
    case CAROUSEL_MEAN: return sum / (double)there;
    case CAROUSEL_MEAN_PADDED: return sum / across->window.width;
    default: return largest;
  }
}

static double softmax_steps(const carousel_across *across, int64_t step, int64_t position, int64_t column) {
  double sum = 0;
  for (int64_t i = 0; i < length(across->from, position); i++) {
    sum += exp(element(across, NULL, i, position, column));
  }
  return exp(element(across, NULL, step, position, column)) / sum;
}

static double weighted_sum(const carousel_across *across, int64_t position, int64_t column) {
  carousel_across weights = *across;
  weights.in = across->other;
  double sum = 0;
  for (int64_t i = 0; i < length(across->from, position); i++) {
    sum += element(&weights, NULL, i, position, column / across->columns) *
           element(across, NULL, i, position, column % across->columns);
  }
  return sum;
}

double naive_across(const carousel_across *across, const float *past, int64_t step, int64_t position, int64_t column) {
  int64_t tap = column / across->columns;
  switch (across->kind) {
    case CAROUSEL_GATHER:
      return element(across, past, window_begin(across, step, position) + tap * across->window.dilation, position,
                     column % across->columns);
    case CAROUSEL_LAST: return element(across, NULL, length(across->from, position) - 1, position, column);
    case CAROUSEL_SOFTMAX_STEPS: return softmax_steps(across, step, position, column);
    case CAROUSEL_WEIGHTED_SUM: return weighted_sum(across, position, column);
    default: return pooled(across, step, position, column);
  }
}
