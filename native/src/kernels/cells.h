/* The cells, a vector of units at a time: from complete pre-activations and the state before to the state after. */
#ifndef CELLS_H
#define CELLS_H

#include "functions.h"

/* The reader of a cell's unit vectors: where they start, and how many of its floats are units. */
struct units {
  int64_t first;
  int64_t count;
};

INLINE vec rnn_cell(const carousel_cell *cell, vec sum) {
  return activate(&cell->gate, clipped(cell->clip, sum));
}

/* The pre-activations are i f g o, coupled i g o. The state is read and replaced; the hidden state comes back. */
INLINE vec lstm_cell(const carousel_cell *cell, const int coupled, struct units at, const vec *gates, float *state) {
  const float clip = cell->clip;
  const float *peephole = cell->peephole ? cell->peephole + at.first : NULL;
  vec before = load_some(state, at.count);
  vec i = gates[0];
  vec f = gates[1];
  if (peephole) {
    i = fma_(load_some(peephole, at.count), before, i);
    f = coupled ? f : fma_(load_some(peephole + cell->units, at.count), before, f);
  }
  i = activate(&cell->gate, clipped(clip, i));
  f = coupled ? 1.0f - i : activate(&cell->gate, clipped(clip, f));
  vec g = activate(&cell->candidate, clipped(clip, gates[coupled ? 1 : 2]));
  vec after = fma_(f, before, i * g);
  store_some(state, after, at.count);
  vec o = gates[coupled ? 2 : 3];
  if (peephole) {
    o = fma_(load_some(peephole + (int64_t)(coupled ? 1 : 2) * cell->units, at.count), after, o);
  }
  return activate(&cell->gate, clipped(clip, o)) * activate(&cell->output, after);
}

/* r * h of a GRU that resets before its product. */
INLINE vec gru_reset_cell(const carousel_cell *cell, vec r, vec hidden) {
  return activate(&cell->gate, clipped(cell->clip, r)) * hidden;
}

INLINE vec gru_mix(const carousel_cell *cell, vec z, vec n, vec hidden) {
  vec update = activate(&cell->gate, clipped(cell->clip, z));
  vec candidate = activate(&cell->candidate, clipped(cell->clip, n));
  return fma_(update, hidden, (1.0f - update) * candidate);
}

/* r, z: complete; n: the input's part; recurrent: the state's part of n. */
INLINE vec gru_after_cell(const carousel_cell *cell, vec r, vec z, vec n, vec recurrent, vec hidden) {
  vec reset = activate(&cell->gate, clipped(cell->clip, r));
  return gru_mix(cell, z, fma_(reset, recurrent, n), hidden);
}

#endif
