/* What a tier offers, and what its kernels are told. */
#ifndef KERNELS_H
#define KERNELS_H

#include "carousel.h"

/*
 * Packed weights are panels. A panel holds the columns of some units: [1 + depth][gates][units of the panel], the first
 * row being the bias; the units of a panel are PANEL_GROUPS vectors for one gate, one vector for more. What lies beyond
 * the last unit is 0.
 */
enum { PANEL_GROUPS = 4, MOST_VECTORS = 4 };

static inline int32_t panel_groups(int32_t gates) {
  return gates == 1 ? PANEL_GROUPS : 1;
}

/* Rows times packed weights. */
struct product {
  const float *in; /* [rows][depth] */
  int64_t in_stride;
  const float *weights; /* packed */
  const float *ahead;   /* the packed panel that this thread needs after its last, or NULL: do not fetch ahead */
  int32_t depth;
};

enum { MOST_PRODUCTS = 2 };

/* The sum of one product or two, and what becomes of it. */
struct stage {
  const carousel_cell *cell;
  struct product products[MOST_PRODUCTS];
  int32_t count;
  int32_t vectors; /* of a panel's row; only project asks */
  int64_t rows;
  float *sums; /* [rows][panels][gates][units of a panel]: where project stores, and cells start; or NULL */
  int64_t sums_stride;
  const float *previous; /* [rows][units]: the hidden state before */
  int64_t previous_stride;
  float *next; /* [rows][units, padded to whole panels]: the hidden state after, or r * previous */
  int64_t next_stride;
  float *state; /* [rows][units]: the LSTM's cell state */
  int64_t state_stride;
  float *out; /* [rows][units] or NULL */
  int64_t out_stride;
  int32_t accumulate; /* product only: whether out is added to */
};

typedef void stage_kernel(const struct stage *stage, int32_t begin, int32_t end);
typedef void rows_kernel(const carousel_operation *operation, int64_t begin, int64_t end);
typedef void across_kernel(const carousel_across *across, int64_t begin, int64_t end);

struct kernels {
  int32_t lanes; /* floats of a vector */
#define STAGE(name) stage_kernel *name;
#define ROWS(name) rows_kernel *name;
#define ACROSS(name) across_kernel *name;
#include "kernels.inc"
#undef STAGE
#undef ROWS
#undef ACROSS
};

extern const struct kernels kernels__sse2;
extern const struct kernels kernels__avx2;
extern const struct kernels kernels__avx512;
extern const struct kernels kernels__neon;

#endif
