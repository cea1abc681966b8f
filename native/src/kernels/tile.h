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

/* A range of k of a product. */
struct operand {
  const float *in; /* of the first row */
  int64_t in_stride;
  const float *weights;
  int64_t apart; /* floats from one panel to the next */
  int32_t depth;
  const float *ahead; /* what to fetch meanwhile, so many floats further for each k */
  int64_t ahead_step;
};

/* What a tile adds, where it starts from and where it leaves the sums: strides go from row to row, apart from panel to
 * panel. */
struct pass {
  struct operand operands[MOST_PRODUCTS];
  int32_t count;
  const float *from;
  int64_t from_stride;
  int64_t from_apart;
  float *to;
  int64_t to_stride;
  int64_t to_apart;
};

/* to = from + in[rows][depth] * weights[panels][depth][vectors] for each operand, where a panel has wide vectors. */
INLINE void tile(const int panels, const int rows, const int vectors, const int wide, const struct pass *pass) {
  vec sum[2 * TILE_ROWS][MOST_VECTORS];
#pragma GCC unroll 2
  for (int p = 0; p < panels; p++) {
#pragma GCC unroll 16
    for (int r = 0; r < rows; r++) {
#pragma GCC unroll 4
      for (int v = 0; v < vectors; v++) {
        sum[p * rows + r][v] = load(pass->from + p * pass->from_apart + r * pass->from_stride + v * LANES);
      }
    }
  }
  for (int32_t i = 0; i < pass->count; i++) {
    const struct operand *operand = &pass->operands[i];
    const float *weights = operand->weights;
    const float *ahead = operand->ahead;
    const int64_t ahead_step = operand->ahead_step;
    const int64_t apart = operand->apart;
    const float *row[TALL_ROWS];
#pragma GCC unroll 16
    for (int r = 0; r < rows; r++) {
      row[r] = operand->in + r * operand->in_stride;
    }
    const int32_t depth = operand->depth;
    for (int32_t k = 0; k < depth; k++) {
      if (rows >= FETCH_ROWS) {
#pragma GCC unroll 4
        for (int v = 0; v < vectors; v++) {
          __builtin_prefetch(weights + 512 + v * LANES, 0, 3);
        }
        __builtin_prefetch(ahead, 0, 2);
        __builtin_prefetch(ahead + 16, 0, 2);
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
      weights += wide * LANES;
    }
  }
#pragma GCC unroll 2
  for (int p = 0; p < panels; p++) {
#pragma GCC unroll 16
    for (int r = 0; r < rows; r++) {
#pragma GCC unroll 4
      for (int v = 0; v < vectors; v++) {
        store(pass->to + p * pass->to_apart + r * pass->to_stride + v * LANES, sum[p * rows + r][v]);
      }
    }
  }
}

/* A tile of more rows than there are registers for: half of the vectors, then the others. */
INLINE void tall_tile(const int rows, const int vectors, const struct pass *pass) {
  struct pass half = *pass;
  for (int32_t i = 0; i < half.count; i++) {
    half.operands[i].ahead_step /= 2;
  }
  tile(1, rows, vectors / 2, vectors, &half);
  for (int32_t i = 0; i < half.count; i++) {
    half.operands[i].weights += vectors / 2 * LANES;
    half.operands[i].ahead += half.operands[i].depth * half.operands[i].ahead_step;
  }
  half.from += vectors / 2 * LANES;
  half.to += vectors / 2 * LANES;
  tile(1, rows, vectors / 2, vectors, &half);
}

/* The same with a number of rows that is known only now. */
INLINE void tile_of(int rows, const int vectors, const struct pass *pass) {
#define CASE(n)                                                                                                        \
  case n:                                                                                                              \
    tile(1, n, vectors, vectors, pass);                                                                                \
    break;
#define TALL(n)                                                                                                        \
  case n:                                                                                                              \
    if (vectors == 4) {                                                                                                \
      tall_tile(n, vectors, pass);                                                                                     \
    } else {                                                                                                           \
      tile(1, n, vectors, vectors, pass);                                                                              \
    }                                                                                                                  \
    break;
  switch (rows) {
    CASE(1)
    CASE(2)
#if defined(__AVX2__) || defined(__aarch64__)
    CASE(3)
#endif
#if defined(__AVX512F__) || defined(__aarch64__)
    CASE(4)
    CASE(5)
    CASE(6)
#endif
#if defined(__AVX512F__)
    TALL(7)
    TALL(8)
#endif
    default: break;
  }
#undef CASE
#undef TALL
}

/* Where a panel of packed weights begins: with its bias. */
INLINE const float *panel_of(const struct product *product, const int vectors, int32_t panel) {
  return product->weights + panel * (int64_t)(product->depth + 1) * vectors * LANES;
}

/* A part of a product for one panel, from row first on. */
INLINE struct operand operand_of(const struct product *product, const int vectors, int32_t panel, int64_t first,
                                 int32_t from, int32_t to) {
  return (struct operand){
      .in = product->in + first * product->in_stride + from,
      .in_stride = product->in_stride,
      .weights = panel_of(product, vectors, panel) + (int64_t)(from + 1) * vectors * LANES,
      .apart = (int64_t)(product->depth + 1) * vectors * LANES,
      .depth = to - from,
      .ahead = product->weights,
  };
}

/* The sums of a stage that are kept, from a row on. */
INLINE float *kept_sums(const struct stage *stage, const int vectors, int32_t panel, int64_t first) {
  return stage->sums + first * stage->sums_stride + (int64_t)panel * vectors * LANES;
}

/*
 * All products in one pass. It starts from the bias, or from the sums that were kept; it leaves its sums with those, or
 * in a buffer, to be finished.
 */
INLINE struct pass whole_pass(const struct stage *stage, const int vectors, const int from_sums, int32_t panel,
                              int64_t first, vec *buffer) {
  struct pass pass = {.count = stage->count, .to_apart = (int64_t)vectors * LANES};
  for (int32_t i = 0; i < stage->count; i++) {
    pass.operands[i] = operand_of(&stage->products[i], vectors, panel, first, 0, stage->products[i].depth);
  }
  pass.from = panel_of(&stage->products[0], vectors, panel);
  pass.from_apart = pass.operands[0].apart;
  if (from_sums && stage->sums) {
    pass.from = kept_sums(stage, vectors, panel, first);
    pass.from_stride = stage->sums_stride;
    pass.from_apart = pass.to_apart;
  }
  pass.to = buffer ? (float *)buffer : kept_sums(stage, vectors, panel, first);
  pass.to_stride = buffer ? pass.to_apart : stage->sums_stride;
  return pass;
}

/* One row: a single panel has too few sums to hide the latency of an addition, so two go side by side. */
INLINE void one_row(const struct stage *stage, const int vectors, finish *done, const int from_sums, int32_t begin,
                    int32_t end) {
  for (int32_t panel = begin; panel < end; panel += 2) {
    vec sums[2 * MOST_VECTORS];
    struct pass pass = whole_pass(stage, vectors, from_sums, panel, 0, done ? sums : NULL);
    int two = panel + 1 < end;
    if (two) {
      tile(2, 1, vectors, vectors, &pass);
    } else {
      tile(1, 1, vectors, vectors, &pass);
    }
    for (int p = 0; done && p < 1 + two; p++) {
      done(stage, panel + p, 0, sums + p * vectors);
    }
  }
}

/* Fetches a share of the next weights in each tile: those of tile i of so many. */
INLINE void fetch(struct operand *operand, const float *next, const int vectors, int i, int tiles) {
  if (next) {
    int64_t share = (int64_t)operand->depth * vectors * LANES / tiles;
    operand->ahead = next + i * share;
    operand->ahead_step = share / operand->depth;
  }
}

/* The tiles of a pass; behind the last one the rows are finished. Tall tiles are for few rows: they read more rows of
 * inputs at a time, which may all lie in one set of a cache. */
INLINE void tiles_of(const struct stage *stage, const int vectors, finish *done, int32_t panel, int64_t first, int rows,
                     const struct pass *whole, const float *next, const int last) {
  int most = rows <= 4 * TALL_ROWS ? TALL_ROWS : TILE_ROWS;
  int tiles = (rows + most - 1) / most;
  for (int i = 0; i < tiles; i++) {
    int begin = rows * i / tiles;
    int count = rows * (i + 1) / tiles - begin;
    struct pass pass = *whole;
    for (int32_t j = 0; j < pass.count; j++) {
      pass.operands[j].in += begin * pass.operands[j].in_stride;
    }
    pass.from += begin * pass.from_stride;
    pass.to += begin * pass.to_stride;
    fetch(&pass.operands[pass.count - 1], next, vectors, i, tiles);
    tile_of(count, vectors, &pass);
    for (int r = 0; done && last && r < count; r++) {
      done(stage, panel, first + begin + r, (const vec *)(pass.to + r * pass.to_stride));
    }
  }
}

/* One product of many k after the other, a block at a time. */
INLINE void blocks_of(const struct stage *stage, const int vectors, finish *done, int32_t panel, const float *ahead,
                      int64_t first, int rows, struct pass pass) {
  pass.count = 1;
  for (int32_t i = 0; i < stage->count; i++) {
    const struct product *product = &stage->products[i];
    int32_t blocks = (product->depth + DEPTH_BLOCK - 1) / DEPTH_BLOCK;
    for (int32_t block = 0; block < blocks; block++) {
      int32_t from = (int32_t)((int64_t)product->depth * block / blocks);
      int32_t to = (int32_t)((int64_t)product->depth * (block + 1) / blocks);
      int more = block + 1 < blocks;
      int last = !more && i == stage->count - 1;
      pass.operands[0] = operand_of(product, vectors, panel, first, from, to);
      const float *next = more   ? pass.operands[0].weights + (int64_t)(to - from) * vectors * LANES
                          : last ? ahead
                                 : panel_of(&stage->products[i + 1], vectors, panel);
      tiles_of(stage, vectors, done, panel, first, rows, &pass, ahead ? next : NULL, last);
      pass.from = pass.to;
      pass.from_stride = pass.to_stride;
    }
  }
}

/* Up to ROW_BLOCK rows of a panel: in one pass where it is short. */
INLINE void row_block(const struct stage *stage, const int vectors, finish *done, const int from_sums, int32_t panel,
                      const float *ahead, int64_t first, int rows) {
  vec sums[ROW_BLOCK * MOST_VECTORS];
  struct pass pass = whole_pass(stage, vectors, from_sums, panel, first, done ? sums : NULL);
  int64_t depth = 0;
  for (int32_t i = 0; i < stage->count; i++) {
    depth += stage->products[i].depth;
  }
  if (depth > DEPTH_BLOCK + DEPTH_BLOCK / 2) {
    blocks_of(stage, vectors, done, panel, ahead, first, rows, pass);
  } else {
    tiles_of(stage, vectors, done, panel, first, rows, &pass, ahead, 1);
  }
}

/* Asks for what a panel starts from and is finished with: between two steps the weights push it out of the cache. */
INLINE void fetch_rows(const struct stage *stage, const int vectors, const int from_sums, int32_t panel) {
  for (int64_t row = 0; row < stage->rows; row++) {
    if (from_sums && stage->sums) {
#pragma GCC unroll 4
      for (int v = 0; v < vectors; v++) {
        __builtin_prefetch(kept_sums(stage, vectors, panel, row) + v * LANES, 0, 2);
      }
    }
    if (stage->state) {
      __builtin_prefetch(stage->state + row * stage->state_stride + (int64_t)panel * LANES, 1, 2);
    }
  }
}

/* The products of all rows with the panels from begin to end; done is NULL where sums are just kept. */
INLINE void panels(const struct stage *stage, const int vectors, finish *done, const int from_sums, int32_t begin,
                   int32_t end) {
  if (stage->rows == 1) {
    one_row(stage, vectors, done, from_sums, begin, end);
    return;
  }
  const struct product *product = &stage->products[0];
  for (int32_t panel = begin; panel < end; panel++) {
    if (stage->rows <= ROW_BLOCK && panel + 1 < end) {
      fetch_rows(stage, vectors, from_sums, panel + 1);
    }
    const float *ahead = product->ahead && panel + 1 < end ? panel_of(product, vectors, panel + 1) : product->ahead;
    for (int64_t first = 0; first < stage->rows; first += ROW_BLOCK) {
      int64_t rest = stage->rows - first;
      row_block(stage, vectors, done, from_sums, panel, rest > ROW_BLOCK ? NULL : ahead, first,
                (int)(rest > ROW_BLOCK ? ROW_BLOCK : rest));
    }
  }
}

#endif
