/* The stages: what each does with the sums of a row of a panel. Hidden states are padded to whole panels, others not.
 */
#ifndef STAGES_H
#define STAGES_H

#include "cells.h"
#include "kernels.h"
#include "tile.h"

/* Where a unit vector lies; the count may be 0 or less, beyond the last unit. */
INLINE struct units units_of(const struct stage *stage, int64_t vector) {
  return (struct units){vector * LANES, stage->cell->units - vector * LANES};
}

INLINE void keep_hidden(const struct stage *stage, int64_t row, struct units at, vec hidden) {
  store(stage->next + row * stage->next_stride + at.first, hidden);
  if (stage->out) {
    store_some(stage->out + row * stage->out_stride + at.first, hidden, at.count);
  }
}

INLINE vec hidden_before(const struct stage *stage, int64_t row, struct units at) {
  return load(stage->previous + row * stage->previous_stride + at.first);
}

/* To rows of out and, where there is one, to the next hidden state. */
INLINE void finish_product(const struct stage *stage, int32_t panel, int64_t row, const vec *sums) {
  for (int v = 0; v < PANEL_GROUPS; v++) {
    struct units at = units_of(stage, (int64_t)panel * PANEL_GROUPS + v);
    if (stage->next) {
      keep_hidden(stage, row, at, sums[v]);
    } else if (at.count > 0) {
      float *to = stage->out + row * stage->out_stride + at.first;
      store_some(to, stage->accumulate ? load_some(to, at.count) + sums[v] : sums[v], at.count);
    }
  }
}

INLINE void finish_rnn(const struct stage *stage, int32_t panel, int64_t row, const vec *sums) {
  for (int v = 0; v < PANEL_GROUPS; v++) {
    keep_hidden(stage, row, units_of(stage, (int64_t)panel * PANEL_GROUPS + v), rnn_cell(stage->cell, sums[v]));
  }
}

INLINE void finish_lstm_of(const struct stage *stage, const int coupled, int32_t panel, int64_t row, const vec *sums) {
  struct units at = units_of(stage, panel);
  float *state = stage->state + row * stage->state_stride + at.first;
  keep_hidden(stage, row, at, lstm_cell(stage->cell, coupled, at, sums, state));
}

INLINE void finish_lstm(const struct stage *stage, int32_t panel, int64_t row, const vec *sums) {
  finish_lstm_of(stage, 0, panel, row, sums);
}

INLINE void finish_lstm_coupled(const struct stage *stage, int32_t panel, int64_t row, const vec *sums) {
  finish_lstm_of(stage, 1, panel, row, sums);
}

/* sums: r and n of the products with the hidden state, z between them; n of the inputs waits where project left it. */
INLINE void finish_gru_after(const struct stage *stage, int32_t panel, int64_t row, const vec *sums) {
  struct units at = units_of(stage, panel);
  const float *input = stage->sums + row * stage->sums_stride + (int64_t)panel * 3 * LANES;
  keep_hidden(stage, row, at,
              gru_after_cell(stage->cell, load(input) + sums[0], load(input + LANES) + sums[1],
                             load(input + (int64_t)2 * LANES), sums[2], hidden_before(stage, row, at)));
}

/* sums: r and z of the products with the hidden state; z is left for the second stage. */
INLINE void finish_gru_reset(const struct stage *stage, int32_t panel, int64_t row, const vec *sums) {
  struct units at = units_of(stage, panel);
  float *input = stage->sums + row * stage->sums_stride + (int64_t)panel * 3 * LANES;
  store(stage->next + row * stage->next_stride + at.first,
        gru_reset_cell(stage->cell, load(input) + sums[0], hidden_before(stage, row, at)));
  store(input + LANES, load(input + LANES) + sums[1]);
}

/* sums: n of the products with r * h. */
INLINE void finish_gru_before(const struct stage *stage, int32_t panel, int64_t row, const vec *sums) {
  for (int v = 0; v < PANEL_GROUPS; v++) {
    struct units at = units_of(stage, (int64_t)panel * PANEL_GROUPS + v);
    if (at.count > 0) {
      const float *input = stage->sums + row * stage->sums_stride + at.first * 3;
      keep_hidden(stage, row, at,
                  gru_mix(stage->cell, load(input + LANES), load(input + (int64_t)2 * LANES) + sums[v],
                          hidden_before(stage, row, at)));
    }
  }
}

static void project_stage(const struct stage *stage, int32_t begin, int32_t end) {
  if (stage->vectors == 3) {
    panels(stage, 3, NULL, 0, begin, end);
  } else {
    panels(stage, 4, NULL, 0, begin, end);
  }
}

static void product_stage(const struct stage *stage, int32_t begin, int32_t end) {
  panels(stage, PANEL_GROUPS, finish_product, 0, begin, end);
}

static void rnn_stage(const struct stage *stage, int32_t begin, int32_t end) {
  panels(stage, PANEL_GROUPS, finish_rnn, 1, begin, end);
}

static void lstm_stage(const struct stage *stage, int32_t begin, int32_t end) {
  panels(stage, 4, finish_lstm, 1, begin, end);
}

static void lstm_coupled_stage(const struct stage *stage, int32_t begin, int32_t end) {
  panels(stage, 3, finish_lstm_coupled, 1, begin, end);
}

static void gru_after_stage(const struct stage *stage, int32_t begin, int32_t end) {
  panels(stage, 3, finish_gru_after, 0, begin, end);
}

static void gru_reset_stage(const struct stage *stage, int32_t begin, int32_t end) {
  panels(stage, 2, finish_gru_reset, 0, begin, end);
}

static void gru_before_stage(const struct stage *stage, int32_t begin, int32_t end) {
  panels(stage, PANEL_GROUPS, finish_gru_before, 0, begin, end);
}

#endif
