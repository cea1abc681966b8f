/*
 * The product of rows with packed panels, the loop in which all time is spent.
 *
 * A tile is a few rows of one panel, its sums held in registers: for each k the weights of the panel's row are loaded
 * once and multiplied with one input of each row. Every sum starts from its bias, or from what the input product left,
 * and adds its products in the order of k, one at a time. So its bits do not depend on the rows beside it, on how rows
 * are dealt to tiles, on where k is cut, or on the thread.
 */
#ifndef TILE_H
#define TILE_H

#include <stddef.h>

#include "kernels.h"
#include "vector.h"

enum {
  DEPTH_BLOCK = 512, /* rows of a panel that pass by all rows of the input before the next ones do: they stay in L2 */
  ROW_BLOCK = 48     /* rows whose sums are kept while they do */
};

/* What becomes of the sums of one row of a panel. */
typedef void finish(const struct stage *stage, int32_t panel, int64_t row, const vec *sums);

/* sums[panels][rows][vectors] += in[rows][depth] * weights[panels][depth][vectors]; a panel follows after apart floats. */
INLINE void tile(const int panels, const int rows, const int vectors, int32_t depth, const float *in, int64_t in_stride,
                 const float *weights, int64_t apart, const float *ahead, int64_t ahead_step, vec *sums) {
  vec sum[2 * TILE_ROWS][MOST_VECTORS];
  const float *row[TILE_ROWS];
#pragma GCC unroll 16
  for (int r = 0; r < rows; r++) {
    row[r] = in + r * in_stride;
  }
#pragma GCC unroll 16
  for (int r = 0; r < panels * rows; r++) {
#pragma GCC unroll 4
    for (int v = 0; v < vectors; v++) {
      sum[r][v] = sums[r * vectors + v];
    }
  }
  for (int32_t k = 0; k < depth; k++) {
    if (rows > 1) {
#pragma GCC unroll 4
      for (int v = 0; v < vectors; v++) {
        __builtin_prefetch(weights + 512 + v * LANES, 0, 3);
      }
      __builtin_prefetch(ahead, 0, 2);
      ahead += ahead_step;
    }
#pragma GCC unroll 2
    for (int p = 0; p < panels; p++) {
      vec weight[MOST_VECTORS];
#pragma GCC unroll 4
      for (int v = 0; v < vectors; v++) {
        weight[v] = load(weights + p * apart + v * LANES);
      }
#pragma GCC unroll 16
      for (int r = 0; r < rows; r++) {
        vec x = all(row[r][k]);
#pragma GCC unroll 4
        for (int v = 0; v < vectors; v++) {
          sum[p * rows + r][v] = fma_(x, weight[v], sum[p * rows + r][v]);
        }
      }
    }
    weights += vectors * LANES;
  }
#pragma GCC unroll 16
  for (int r = 0; r < panels * rows; r++) {
#pragma GCC unroll 4
    for (int v = 0; v < vectors; v++) {
      sums[r * vectors + v] = sum[r][v];
    }
  }
}

/* The same with a number of rows that is known only now. */
INLINE void tile_of(int rows, const int vectors, int32_t depth, const float *in, int64_t in_stride,
                    const float *weights, const float *ahead, int64_t ahead_step, vec *sums) {
#define CASE(n) \
  case n: \
    if (n <= TILE_ROWS) { \
      tile(1, n <= TILE_ROWS ? n : 1, vectors, depth, in, in_stride, weights, 0, ahead, ahead_step, sums); \
    } \
    break;
  switch (rows) {
    CASE(1)
    CASE(2)
    CASE(3)
    CASE(4)
    CASE(5)
    CASE(6)
    default: break;
  }
#undef CASE
}

/* The sums of a row of a panel before its first product. */
INLINE void start(const struct stage *stage, const int vectors, int32_t panel, int64_t row, const float *bias,
                  vec *sums) {
  const float *from = stage->sums ? stage->sums + row * stage->sums_stride + (int64_t)panel * vectors * LANES : bias;
#pragma GCC unroll 4
  for (int v = 0; v < vectors; v++) {
    sums[v] = load(from + v * LANES);
  }
}

/* One row: a single panel has too few sums to hide the latency of an addition, so two go side by side. */
INLINE void one_row(const struct stage *stage, const int vectors, finish *done, const int from_sums, int32_t begin,
                    int32_t end) {
  const int64_t apart = (int64_t)(stage->depth + 1) * vectors * LANES;
  struct stage plain = *stage;
  plain.sums = from_sums ? stage->sums : NULL;
  for (int32_t panel = begin; panel < end; panel += 2) {
    vec sums[2 * MOST_VECTORS];
    const float *bias = stage->weights + panel * apart;
    const float *weights = bias + vectors * LANES;
    start(&plain, vectors, panel, 0, bias, sums);
    if (panel + 1 < end) {
      start(&plain, vectors, panel + 1, 0, bias + apart, sums + vectors);
      tile(2, 1, vectors, stage->depth, stage->in, 0, weights, apart, NULL, 0, sums);
      done(stage, panel, 0, sums);
      done(stage, panel + 1, 0, sums + vectors);
    } else {
      tile(1, 1, vectors, stage->depth, stage->in, 0, weights, apart, NULL, 0, sums);
      done(stage, panel, 0, sums);
    }
  }
}

/* Up to ROW_BLOCK rows of a panel. */
INLINE void row_block(const struct stage *stage, const int vectors, finish *done, const int from_sums, int32_t panel,
                      const float *ahead, int64_t first, int rows) {
  vec sums[ROW_BLOCK * MOST_VECTORS];
  const float *bias = stage->weights + panel * (int64_t)(stage->depth + 1) * vectors * LANES;
  const float *weights = bias + vectors * LANES;
  struct stage plain = *stage;
  plain.sums = from_sums ? stage->sums : NULL;
  int tiles = (rows + TILE_ROWS - 1) / TILE_ROWS;
  int blocks = stage->depth > DEPTH_BLOCK + DEPTH_BLOCK / 2 ? (stage->depth + DEPTH_BLOCK - 1) / DEPTH_BLOCK : 1;
  for (int block = 0; block < blocks; block++) {
    int32_t from = (int32_t)((int64_t)stage->depth * block / blocks);
    int32_t to = (int32_t)((int64_t)stage->depth * (block + 1) / blocks);
    const float *next = block + 1 < blocks ? weights + (int64_t)to * vectors * LANES : ahead;
    for (int i = 0; i < tiles; i++) {
      int begin = rows * i / tiles;
      int count = rows * (i + 1) / tiles - begin;
      vec *sum = sums + begin * vectors;
      if (block == 0) {
        for (int r = 0; r < count; r++) {
          start(&plain, vectors, panel, first + begin + r, bias, sum + r * vectors);
        }
      }
      int64_t share = (int64_t)(to - from) * vectors * LANES / tiles;
      tile_of(count, vectors, to - from, stage->in + (first + begin) * stage->in_stride + from, stage->in_stride,
              weights + (int64_t)from * vectors * LANES, next ? next + i * share : bias, next ? share / (to - from) : 0,
              sum);
      if (block == blocks - 1) {
        for (int r = 0; r < count; r++) {
          done(stage, panel, first + begin + r, sum + r * vectors);
        }
      }
    }
  }
}

/* The product of all rows with the panels from begin to end. */
INLINE void panels(const struct stage *stage, const int vectors, finish *done, const int from_sums, int32_t begin,
                   int32_t end) {
  if (stage->rows == 1) {
    one_row(stage, vectors, done, from_sums, begin, end);
    return;
  }
  const int64_t apart = (int64_t)(stage->depth + 1) * vectors * LANES;
  for (int32_t panel = begin; panel < end; panel++) {
    const float *ahead = stage->ahead ? (panel + 1 < end ? stage->weights + (panel + 1) * apart : stage->ahead) : NULL;
    for (int64_t first = 0; first < stage->rows; first += ROW_BLOCK) {
      int64_t rest = stage->rows - first;
      row_block(stage, vectors, done, from_sums, panel, rest > ROW_BLOCK ? NULL : ahead, first,
                (int)(rest > ROW_BLOCK ? ROW_BLOCK : rest));
    }
  }
}

#endif
