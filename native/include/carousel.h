/*
 * The native half of Carousel: products with packed weights, cell updates, and whole scans over time. All data is f32,
 * row-major; strides are in floats. The caller owns all memory but a context, and has checked every length and shape.
 *
 * Functions take what they need by address and return nothing, and so are of two forms in all: to link one more form
 * costs a JVM milliseconds when it starts.
 */
#ifndef CAROUSEL_H
#define CAROUSEL_H

#include <stdint.h>

#if defined(__GNUC__)
#pragma GCC visibility push(default)
#endif

/* Instruction sets, each with kernels of its own; the best of a machine is the last that is ready. */
enum carousel_tier { CAROUSEL_SSE2, CAROUSEL_AVX2, CAROUSEL_AVX512, CAROUSEL_NEON, CAROUSEL_TIERS };

/* Why a tier can, or cannot, be used. */
enum carousel_support {
  CAROUSEL_READY,
  CAROUSEL_NOT_BUILT,      /* for another architecture */
  CAROUSEL_CPU_LACKS,      /* the processor has no such instructions */
  CAROUSEL_SYSTEM_DISABLED /* the processor has them, the system does not save their registers */
};

enum carousel_function {
  CAROUSEL_RELU,
  CAROUSEL_TANH,
  CAROUSEL_SIGMOID,
  CAROUSEL_AFFINE,
  CAROUSEL_LEAKY_RELU,
  CAROUSEL_THRESHOLDED_RELU,
  CAROUSEL_SCALED_TANH,
  CAROUSEL_HARD_SIGMOID,
  CAROUSEL_ELU,
  CAROUSEL_SOFTSIGN,
  CAROUSEL_SOFTPLUS,
  CAROUSEL_CLIP,
  CAROUSEL_GELU,
  CAROUSEL_GELU_TANH,
  CAROUSEL_SILU,
  CAROUSEL_ERF,
  CAROUSEL_EXP,
  CAROUSEL_LOG,
  CAROUSEL_SQRT,
  CAROUSEL_RECIPROCAL,
  CAROUSEL_ABS
};

typedef struct carousel_activation {
  int32_t function;
  float alpha;
  float beta;
} carousel_activation;

enum carousel_kind {
  CAROUSEL_PRODUCT,     /* out = in * weights + bias, or += */
  CAROUSEL_ACTIVATE,    /* out = gate(in) */
  CAROUSEL_SOFTMAX,     /* out = softmax(in) */
  CAROUSEL_LOG_SOFTMAX, /* out = log(softmax(in)) */
  CAROUSEL_NORMALISE,   /* out = weights * (in - mean) / sqrt(variance + epsilon) + shift */
  CAROUSEL_SCALE,       /* out = weights * in + shift, or += */
  CAROUSEL_ADD,         /* out = in + other */
  CAROUSEL_AVERAGE,     /* out = (in + other) / 2 */
  CAROUSEL_MULTIPLY,    /* out = in * other */
  CAROUSEL_SUBTRACT,    /* out = in - other */
  CAROUSEL_DIVIDE,      /* out = in / other */
  CAROUSEL_MAXIMUM,     /* out = the larger of in and other, NaN where either is */
  CAROUSEL_MINIMUM,     /* out = the smaller */
  CAROUSEL_COPY,        /* out = in */
  CAROUSEL_EMBED,       /* out = table[index]: the indices are in, the table other, from its row 0 on */
  CAROUSEL_RNN,
  CAROUSEL_LSTM,
  CAROUSEL_LSTM_COUPLED,
  CAROUSEL_GRU_RESET,  /* out = r * hidden; the gates are r alone */
  CAROUSEL_GRU_BEFORE, /* the gates are complete, r has been used */
  CAROUSEL_GRU_AFTER   /* the recurrent products are in other */
};

/* Rows of floats. */
typedef struct carousel_rows {
  float *data;
  int64_t stride;
  int32_t per_step; /* whether a call's step_row counts for it */
} carousel_rows;

/* What a cell does with its sums. */
typedef struct carousel_cell {
  int32_t kind;
  int32_t units;
  carousel_activation gate;
  carousel_activation candidate;
  carousel_activation output;
  float clip;            /* the bound of the pre-activations; infinite for none */
  const float *peephole; /* [3][units], coupled [2][units], or NULL */
} carousel_cell;

/* One operation over rows. */
typedef struct carousel_operation {
  carousel_cell cell;   /* its kind is that of any operation, its units the columns of out (softmax, copy, ...) */
  int32_t depth;        /* of a product: the columns of in; 1 where other has one column for all of in */
  int32_t accumulate;   /* of a product or a scale: whether it is added to out */
  const float *weights; /* of a product: packed, with 1 gate; to scale, normalise: [units], or NULL for 1 */
  const float *shift;   /* to scale, normalise: [units], or NULL for 0 */
  double epsilon;       /* to normalise */
  carousel_rows in;     /* of a cell: the gates */
  carousel_rows other;
  carousel_rows state; /* the LSTM's cell state */
  carousel_rows hidden;
  carousel_rows out; /* data may be NULL where a cell returns no sequence */
  int64_t step_row;  /* where operands per step start */
  int64_t rows;      /* how many are computed */
} carousel_operation;

/* The rows of a run: those of a step are first[step] on, active[step] of them, never more than of the step before. */
typedef struct carousel_layout {
  int32_t steps;         /* of the longest sequence */
  int32_t batch;         /* sequences that have a step */
  const int32_t *active; /* [steps], or NULL: batch of each */
  const int32_t *first;  /* [steps], or NULL: step * batch */
  const int32_t *length; /* [batch]: the steps of each sequence, from long to short, or NULL: steps of each */
} carousel_layout;

enum carousel_crossing {
  CAROUSEL_GATHER,        /* out = the rows of a window side by side, 0 beyond the sequence */
  CAROUSEL_LAST,          /* out = the last row of the sequence */
  CAROUSEL_SUM,           /* out = the sum of the window's rows */
  CAROUSEL_MEAN,          /* their mean */
  CAROUSEL_MEAN_PADDED,   /* their sum over the window's width */
  CAROUSEL_MAX,           /* the largest, NaN where one is */
  CAROUSEL_SOFTMAX_STEPS, /* out = softmax(in), column by column over the sequence */
  CAROUSEL_WEIGHTED_SUM   /* out = the sum of the sequence's rows times each column of other, side by side */
};

/* The steps that one result is made of. */
typedef struct carousel_window {
  int32_t width; /* or 0: one window is all of a sequence */
  int32_t stride;
  int32_t dilation;
  int32_t before; /* steps ahead of a sequence's first one, where the first window begins */
  int32_t same;   /* whether that is half of the steps, rounded down, that a sequence lacks for its windows */
} carousel_window;

/* One operation across steps: of each sequence by itself. */
typedef struct carousel_across {
  int32_t kind;    /* a carousel_crossing */
  int32_t columns; /* of in */
  carousel_window window;
  int32_t heads; /* of a weighted sum: the columns of other */
  carousel_rows in;
  carousel_rows other;         /* of a weighted sum: the weights; of gathering: the rows before, replaced, or no data */
  carousel_rows out;           /* rows not per step: one for each sequence */
  const carousel_layout *from; /* of in, and of the weights */
  const carousel_layout *to;   /* of out; where that has a row for each sequence, as from */
} carousel_across;

/* A recurrent layer in one direction: the input product, and a cell for each step. */
typedef struct carousel_scan {
  carousel_cell cell;
  int32_t reverse;
  int32_t inputs;
  int32_t width;                  /* of the hidden state: the units, or the projection */
  const float *input_weights;     /* packed: all gates from the inputs */
  const float *recurrent_weights; /* packed: all gates (GRU_BEFORE: r and z) from the hidden state */
  const float *second_weights;    /* packed: the projection, or n of GRU_BEFORE; else NULL */
  carousel_rows in;
  carousel_rows out;
  carousel_rows hidden;
  carousel_rows state;
  int64_t workspace_floats; /* is found out by carousel_size_scan */
  float *workspace;         /* 64-byte aligned */
  const carousel_layout *layout;
  const struct carousel_scan *beside; /* one that runs at the same time and touches none of this one's data, or NULL */
} carousel_scan;

/* Weights that are to stand as products read them. */
typedef struct carousel_matrix {
  int32_t gates;
  int32_t units;
  int32_t depth;
  const float *weights;  /* [gates * units][depth] */
  const float *bias;     /* [gates * units], or NULL for 0 */
  int64_t packed_floats; /* is found out by carousel_size_matrix */
  float *packed;         /* 64-byte aligned */
} carousel_matrix;

/* The kernels of a tier and its worker threads. */
typedef struct carousel_context carousel_context;

/* What a context is opened with. */
typedef struct carousel_opening {
  int32_t tier;
  int32_t threads;
  carousel_context *context; /* becomes NULL if there is no memory or no thread to be had */
} carousel_opening;

/* Writes a carousel_support for each of CAROUSEL_TIERS tiers. */
void carousel_tiers(int32_t *support);

/* A context may be used by many threads at a time. */
void carousel_open(carousel_opening *opening);

/* No call may be under way. */
void carousel_close(carousel_context *context);

/* Finds out the floats of packed weights. */
void carousel_size_matrix(const carousel_context *context, carousel_matrix *matrix);

/* Finds out the floats of workspace that a scan needs for runs of up to the steps and the sequences of its layout. */
void carousel_size_scan(const carousel_context *context, carousel_scan *scan);

void carousel_pack(const carousel_context *context, const carousel_matrix *matrix);

/* Computes the rows of an operation. */
void carousel_run(carousel_context *context, const carousel_operation *operation);

/* Computes an operation across steps for all sequences. */
void carousel_run_across(carousel_context *context, const carousel_across *across);

/* Runs a scan over all steps, and the one beside it. */
void carousel_run_scan(carousel_context *context, const carousel_scan *scan);

#if defined(__GNUC__)
#pragma GCC visibility pop
#endif

#endif
