/* Cells, products and other operations as they are defined, in double, one number at a time. */
#ifndef NAIVE_H
#define NAIVE_H

#include "carousel.h"

double naive_activation(const carousel_activation *activation, double x);

/* An element of a row that is computed from one row of in and one of other. */
double naive_row(const carousel_operation *operation, int64_t row, int64_t column);

/* The steps of a sequence of an axis that follows from another by windows, after of which may lie behind the last step.
 */
int32_t naive_results(const carousel_window *window, int32_t after, int32_t steps);

/* An element of the result at a step of the sequence at a position; past holds the rows before, as they were. */
double naive_across(const carousel_across *across, const float *past, int64_t step, int64_t position, int64_t column);

/* in[depth] times weights[results][depth], plus bias[results] where it is given. */
double naive_sum(const float *in, const float *weights, const float *bias, int64_t result, int64_t depth);

/* The weights of a layer, as they are given; recurrent and second are from the hidden state, except n's of GRU_BEFORE.
 */
struct naive_weights {
  const float *input;      /* [gates * units][inputs] */
  const float *input_bias; /* [gates * units] */
  const float *recurrent;  /* [gates * units][width] */
  const float *recurrent_bias;
  const float *projection; /* [width][units] or NULL */
};

/* A step of one row: hidden[width] and state[units] are replaced. */
void naive_step(const carousel_cell *cell, int32_t inputs, int32_t width, const struct naive_weights *weights,
                const float *in, double *hidden, double *state);

#endif
