/* Operations over rows that lie in memory, a vector of columns at a time; the last vector of a row may be partial. */
#ifndef ROWS_H
#define ROWS_H

#include "cells.h"
#include "kernels.h"

INLINE float *row_of(const carousel_rows *rows, int64_t step_row, int64_t row) {
  return rows->data ? rows->data + (row + (rows->per_step ? step_row : 0)) * rows->stride : NULL;
}

static void activate_rows(const carousel_operation *op, int64_t begin, int64_t end) {
  const int64_t columns = op->cell.units;
  for (int64_t row = begin; row < end; row++) {
    const float *in = row_of(&op->in, op->step_row, row);
    float *out = row_of(&op->out, op->step_row, row);
    for (int64_t column = 0; column < columns; column += LANES) {
      store_some(out + column, activate(&op->cell.gate, load_some(in + column, columns - column)), columns - column);
    }
  }
}

/* out = weights * in + shift, or += */
static void scale_rows(const carousel_operation *op, int64_t begin, int64_t end) {
  const int64_t columns = op->cell.units;
  for (int64_t row = begin; row < end; row++) {
    const float *in = row_of(&op->in, op->step_row, row);
    float *out = row_of(&op->out, op->step_row, row);
    for (int64_t column = 0; column < columns; column += LANES) {
      int64_t count = columns - column;
      vec x = load_some(in + column, count);
      x = op->weights ? x * load_some(op->weights + column, count) : x;
      x = op->shift ? x + load_some(op->shift + column, count) : x;
      store_some(out + column, op->accumulate ? load_some(out + column, count) + x : x, count);
    }
  }
}

INLINE vec combined(int32_t kind, vec a, vec b) {
  switch (kind) {
    case CAROUSEL_ADD: return a + b;
    case CAROUSEL_AVERAGE: return a * 0.5f + b * 0.5f;
    case CAROUSEL_MULTIPLY: return a * b;
    case CAROUSEL_SUBTRACT: return a - b;
    case CAROUSEL_DIVIDE: return a / b;
    case CAROUSEL_MAXIMUM: return larger(a, b);
    default: return smaller(a, b);
  }
}

static void combine_rows(const carousel_operation *op, int64_t begin, int64_t end) {
  const int64_t columns = op->cell.units;
  const int single = op->depth == 1;
  for (int64_t row = begin; row < end; row++) {
    const float *in = row_of(&op->in, op->step_row, row);
    const float *other = row_of(&op->other, op->step_row, row);
    float *out = row_of(&op->out, op->step_row, row);
    for (int64_t column = 0; column < columns; column += LANES) {
      vec a = load_some(in + column, columns - column);
      vec b = single ? all(other[0]) : load_some(other + column, columns - column);
      store_some(out + column, combined(op->cell.kind, a, b), columns - column);
    }
  }
}

static void copy_rows(const carousel_operation *op, int64_t begin, int64_t end) {
  const size_t bytes = (size_t)op->cell.units * sizeof(float);
  for (int64_t row = begin; row < end; row++) {
    float *out = row_of(&op->out, op->step_row, row);
    if (op->cell.kind == CAROUSEL_COPY) {
      memmove(out, row_of(&op->in, op->step_row, row), bytes);
    } else {
      int32_t index;
      memcpy(&index, row_of(&op->in, op->step_row, row), sizeof index);
      memcpy(out, op->other.data + index * op->other.stride, bytes);
    }
  }
}

INLINE vec update_units(const carousel_operation *op, struct units at, const float *gates, const float *other,
                        float *state, const float *hidden) {
  const carousel_cell *cell = &op->cell;
  const int64_t units = cell->units;
  vec gate[MOST_VECTORS] = {0};
  int count = cell->kind == CAROUSEL_LSTM ? 4 : cell->kind == CAROUSEL_RNN || cell->kind == CAROUSEL_GRU_RESET ? 1 : 3;
  for (int g = 0; g < count; g++) {
    gate[g] = load_some(gates + g * units + at.first, at.count);
  }
  switch (cell->kind) {
    case CAROUSEL_RNN: return rnn_cell(cell, gate[0]);
    case CAROUSEL_LSTM: return lstm_cell(cell, 0, at, gate, state + at.first);
    case CAROUSEL_LSTM_COUPLED: return lstm_cell(cell, 1, at, gate, state + at.first);
    case CAROUSEL_GRU_RESET: return gru_reset_cell(cell, gate[0], load_some(hidden + at.first, at.count));
    case CAROUSEL_GRU_BEFORE: return gru_mix(cell, gate[1], gate[2], load_some(hidden + at.first, at.count));
    default:
      return gru_after_cell(cell, gate[0] + load_some(other + at.first, at.count),
                            gate[1] + load_some(other + units + at.first, at.count), gate[2],
                            load_some(other + 2 * units + at.first, at.count), load_some(hidden + at.first, at.count));
  }
}

/* A cell on sums that stand in memory. */
static void update_rows(const carousel_operation *op, int64_t begin, int64_t end) {
  for (int64_t row = begin; row < end; row++) {
    const float *gates = row_of(&op->in, op->step_row, row);
    const float *other = row_of(&op->other, op->step_row, row);
    float *state = row_of(&op->state, op->step_row, row);
    float *hidden = row_of(&op->hidden, op->step_row, row);
    float *out = row_of(&op->out, op->step_row, row);
    for (int64_t unit = 0; unit < op->cell.units; unit += LANES) {
      struct units at = {unit, op->cell.units - unit};
      vec result = update_units(op, at, gates, other, state, hidden);
      if (hidden && op->cell.kind != CAROUSEL_GRU_RESET) {
        store_some(hidden + unit, result, at.count);
      }
      if (out) {
        store_some(out + unit, result, at.count);
      }
    }
  }
}

#endif
