/*
 * A layer in one direction, as far as one panel of units and a few rows of one step go. CELL says which; PROJECTED that
 * the hidden state is a projection of the cell's. A panel holds the blocks of all gates of LANES units,
 * [1 + depth][gates][LANES], the bias first; of a plain RNN four blocks of units.
 */
#if CELL == RNN || CELL == LSTM
#define INPUT_BLOCKS 4
#define STATE_BLOCKS 4
#elif CELL == LSTM_COUPLED
#define INPUT_BLOCKS 3
#define STATE_BLOCKS 3
#elif CELL == GRU_AFTER
#define INPUT_BLOCKS 3
#define STATE_BLOCKS 3
#else
#define INPUT_BLOCKS 3
#define STATE_BLOCKS 2
#endif

#if CELL == RNN
#define PANEL_UNITS (4 * LANES)
#else
#define PANEL_UNITS LANES
#endif

/* The floats that a row leaves for later in its step: the new hidden state; or r * h, z and the input's part of n. */
#if CELL == GRU_BEFORE
#define SPARE 3
#else
#define SPARE 1
#endif

typedef struct {
  int inputs; /* 0: the sums of the inputs are in the gates */
  int width;  /* of the hidden state */
  int units;  /* of the cell */
  source input_weights;
  source state_weights;
  size_t stride; /* of in, from row to row of this work-item */
  size_t hidden_stride;
  size_t state_stride;
  size_t spare_stride;
  cell as;
  peepholes through;
} layer;

/* The first of a panel's weights. */
source panel_of(source weights, int panel, int depth, int blocks) {
  return weights + (size_t)panel * (1 + depth) * blocks * LANES;
}

/* The first unit of a block of a panel, counted through all gates; and how many of its lanes are units. */
int unit_of(const layer *of, int panel, int block) {
#if CELL == RNN
  return panel * PANEL_UNITS + block * LANES;
#else
  return panel * LANES + block * of->units;
#endif
}

int count_of(const layer *of, int panel, int block) {
#if CELL == RNN
  return of->units - unit_of(of, panel, block);
#else
  return of->units - panel * LANES;
#endif
}

/* The input's part of a row's sums: all of it, where another kernel has made it; else the bias. */
void begin_inputs(sums *to, const layer *of, int panel, source in) {
  sums part;
  if (of->inputs > 0) {
    part = load_blocks(panel_of(of->input_weights, panel, of->inputs, INPUT_BLOCKS), INPUT_BLOCKS);
  } else {
    part.a = load_some(in + unit_of(of, panel, 0), count_of(of, panel, 0));
    part.b = load_some(in + unit_of(of, panel, 1), count_of(of, panel, 1));
    part.c = load_some(in + unit_of(of, panel, 2), count_of(of, panel, 2));
    part.d = INPUT_BLOCKS > 3 ? load_some(in + unit_of(of, panel, 3), count_of(of, panel, 3)) : splat(0.0f);
  }
  *to = part;
#if CELL == GRU_AFTER
  to->d = part.c;
#endif
}

/* The bias of the recurrent product, which only a GRU that resets after it has apart. */
void begin_state(sums *to, const layer *of, int panel) {
#if CELL == GRU_AFTER
  const sums bias = load_blocks(panel_of(of->state_weights, panel, of->width, STATE_BLOCKS), STATE_BLOCKS);
  to->a += bias.a;
  to->b += bias.b;
  to->c = bias.c;
#endif
}

/* The cells of a row's units in a panel. */
void finish(const sums *from, const layer *of, int panel, source hidden, target state, target spare) {
  const int unit = panel * PANEL_UNITS;
  const int count = of->units - unit;
#if CELL == RNN
  store_some(spare + unit, rnn_cell(of->as, from->a), count);
  store_some(spare + unit + LANES, rnn_cell(of->as, from->b), count - LANES);
  store_some(spare + unit + 2 * LANES, rnn_cell(of->as, from->c), count - 2 * LANES);
  store_some(spare + unit + 3 * LANES, rnn_cell(of->as, from->d), count - 3 * LANES);
#elif CELL == LSTM
  vec h = lstm_cell(of->as, of->through, unit, count, from->a, from->b, from->c, from->d, state + unit);
  store_some(spare + unit, h, count);
#elif CELL == LSTM_COUPLED
  vec h = lstm_coupled_cell(of->as, of->through, unit, count, from->a, from->b, from->c, state + unit);
  store_some(spare + unit, h, count);
#elif CELL == GRU_AFTER
  vec h = gru_after_cell(of->as, from->a, from->b, from->d, from->c, load_some(hidden + unit, count));
  store_some(spare + unit, h, count);
#else
  vec reset = gru_reset_cell(of->as, from->a, load_some(hidden + unit, count));
  store_some(spare + unit, reset, count);
  store_some(spare + of->units + unit, from->b, count);
  store_some(spare + 2 * (size_t)of->units + unit, from->c, count);
#endif
}

#define BEGIN_INPUTS(r)                                                                                                \
  source row##r = in + r * of->stride;                                                                                 \
  sums sum##r;                                                                                                         \
  begin_inputs(&sum##r, of, panel, row##r);
#define BEGIN_STATE(r)                                                                                                 \
  begin_state(&sum##r, of, panel);                                                                                     \
  row##r = hidden + r * of->hidden_stride;
#define KEEP(r) done[r] = sum##r;
#define SCAN_TILE(rows)                                                                                                \
  void scan_tile_##rows(const layer *of, int panel, source in, target hidden, target state, target spare) {            \
    EACH_##rows(BEGIN_INPUTS)                                                                                          \
        ADD_PRODUCTS(rows, of->inputs,                                                                                 \
                     panel_of(of->input_weights, panel, of->inputs, INPUT_BLOCKS) + INPUT_BLOCKS * LANES,              \
                     INPUT_BLOCKS, CELL == GRU_AFTER) EACH_##rows(BEGIN_STATE)                                         \
            ADD_PRODUCTS(rows, of->width,                                                                              \
                         panel_of(of->state_weights, panel, of->width, STATE_BLOCKS) + STATE_BLOCKS * LANES,           \
                         STATE_BLOCKS, 0) sums done[rows];                                                             \
    EACH_##rows(KEEP) for (int row = 0; row < rows; row++) {                                                           \
      finish(&done[row], of, panel, hidden + row * of->hidden_stride, state + row * of->state_stride,                  \
             spare + row * of->spare_stride);                                                                          \
    }                                                                                                                  \
  }
EACH_TILE(SCAN_TILE)

/* So many rows against a panel, in tiles as even as can be. */
void scan_rows(const layer *of, int rows, int panel, source in, target hidden, target state, target spare) {
  int row = 0;
  for (int tiles = (rows + TILE_ROWS - 1) / TILE_ROWS; tiles > 0; tiles--) {
    const int size = (rows - row + tiles - 1) / tiles;
    source tile_in = in + row * of->stride;
    target tile_hidden = hidden + row * of->hidden_stride;
    target tile_state = state + row * of->state_stride;
    target tile_spare = spare + row * of->spare_stride;
#define RUN_TILE(rows)                                                                                                 \
  case rows: scan_tile_##rows(of, panel, tile_in, tile_hidden, tile_state, tile_spare); break;
    switch (size) { EACH_TILE(RUN_TILE) }
#undef RUN_TILE
    row += size;
  }
}

/* sum0 and sum1 += row0 times a panel of weights, and the panel behind it. */
#define ADD_PAIR(depth, weights, blocks, third_to_fourth)                                                              \
  {                                                                                                                    \
    source at = (weights);                                                                                             \
    const size_t panel_size = (size_t)(1 + (depth)) * (blocks)*LANES;                                                  \
    for (int k = 0; k < (depth); k++) {                                                                                \
      const sums left = load_blocks(at, blocks);                                                                       \
      const sums right = load_blocks(at + panel_size, blocks);                                                         \
      at += (blocks)*LANES;                                                                                            \
      add_product(&sum0, splat(row0[k]), &left, blocks, third_to_fourth);                                              \
      add_product(&sum1, splat(row0[k]), &right, blocks, third_to_fourth);                                             \
    }                                                                                                                  \
  }

/* One row, and two panels at a time, so that there are enough sums under way to hide how long one takes. */
void scan_pair(const layer *of, int panel, source in, target hidden, target state, target spare) {
  source row0 = in;
  sums sum0;
  sums sum1;
  begin_inputs(&sum0, of, panel, in);
  begin_inputs(&sum1, of, panel + 1, in);
  ADD_PAIR(of->inputs, panel_of(of->input_weights, panel, of->inputs, INPUT_BLOCKS) + INPUT_BLOCKS * LANES,
           INPUT_BLOCKS, CELL == GRU_AFTER)
  begin_state(&sum0, of, panel);
  begin_state(&sum1, of, panel + 1);
  row0 = hidden;
  ADD_PAIR(of->width, panel_of(of->state_weights, panel, of->width, STATE_BLOCKS) + STATE_BLOCKS * LANES, STATE_BLOCKS,
           0)
  finish(&sum0, of, panel, hidden, state, spare);
  finish(&sum1, of, panel + 1, hidden, state, spare);
}

#if CELL == GRU_BEFORE || defined(PROJECTED)
#define HAS_SECOND

vec second_start(const layer *of, int unit, vec bias, source spare) {
#if CELL == GRU_BEFORE
  return bias + load_some(spare + 2 * (size_t)of->units + unit, of->units - unit);
#else
  return bias;
#endif
}

void second_end(const layer *of, int unit, vec sum, target hidden, source spare) {
  const int count = of->width - unit;
#if CELL == GRU_BEFORE
  vec z = load_some(spare + of->units + unit, count);
  sum = gru_mix(of->as, z, sum, load_some(hidden + unit, count));
#endif
  store_some(hidden + unit, sum, count);
}

#define BEGIN_SECOND(r)                                                                                                \
  source row##r = spare + r * of->spare_stride;                                                                        \
  sums sum##r;                                                                                                         \
  sum##r.a = second_start(of, unit, bias.a, row##r);                                                                   \
  sum##r.b = second_start(of, unit + LANES, bias.b, row##r);                                                           \
  sum##r.c = second_start(of, unit + 2 * LANES, bias.c, row##r);                                                       \
  sum##r.d = second_start(of, unit + 3 * LANES, bias.d, row##r);
#define END_SECOND(r)                                                                                                  \
  second_end(of, unit, sum##r.a, hidden + r * of->hidden_stride, row##r);                                              \
  second_end(of, unit + LANES, sum##r.b, hidden + r * of->hidden_stride, row##r);                                      \
  second_end(of, unit + 2 * LANES, sum##r.c, hidden + r * of->hidden_stride, row##r);                                  \
  second_end(of, unit + 3 * LANES, sum##r.d, hidden + r * of->hidden_stride, row##r);
/* The second product of a step, and with it the new hidden state: the projection, or n's from r * h. */
#define SECOND_TILE(rows)                                                                                              \
  void second_tile_##rows(const layer *of, int panel, source weights, target hidden, source spare) {                   \
    const int unit = panel * 4 * LANES;                                                                                \
    const sums bias = load_blocks(panel_of(weights, panel, of->units, 4), 4);                                          \
    EACH_##rows(BEGIN_SECOND) ADD_PRODUCTS(rows, of->units, panel_of(weights, panel, of->units, 4) + 4 * LANES, 4, 0)  \
        EACH_##rows(END_SECOND)                                                                                        \
  }
EACH_TILE(SECOND_TILE)

#endif

void copy_row(source from, target to, int width) {
  for (int at = 0; at < width; at += LANES) {
    store_some(to + at, load_some(from + at, width - at), width - at);
  }
}
