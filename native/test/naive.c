#include "naive.h"

#include <math.h>
#include <stdlib.h>

static const double PI = 3.14159265358979323846;

double naive_activation(const carousel_activation *activation, double x) {
  const double alpha = activation->alpha;
  const double beta = activation->beta;
  switch (activation->function) {
    case CAROUSEL_RELU: return x > 0 ? x : 0;
    case CAROUSEL_TANH: return tanh(x);
    case CAROUSEL_SIGMOID: return 1 / (1 + exp(-x));
    case CAROUSEL_AFFINE: return alpha * x + beta;
    case CAROUSEL_LEAKY_RELU: return x < 0 ? alpha * x : x;
    case CAROUSEL_THRESHOLDED_RELU: return x <= alpha ? 0 : x;
    case CAROUSEL_SCALED_TANH: return alpha * tanh(beta * x);
    case CAROUSEL_HARD_SIGMOID: return fmin(fmax(alpha * x + beta, 0), 1);
    case CAROUSEL_ELU: return x < 0 ? alpha * expm1(x) : x;
    case CAROUSEL_SOFTSIGN: return x / (1 + fabs(x));
    case CAROUSEL_SOFTPLUS: return x > 0 ? x + log1p(exp(-x)) : log1p(exp(x));
    case CAROUSEL_CLIP: return x < alpha ? alpha : x > beta ? beta : x;
    case CAROUSEL_GELU: return x * erfc(-x / sqrt(2)) / 2;
    case CAROUSEL_GELU_TANH: return x / (1 + exp(-sqrt(8 / PI) * (x + 0.044715 * x * x * x)));
    case CAROUSEL_SILU: return x / (1 + exp(-x));
    case CAROUSEL_ERF: return erf(x);
    case CAROUSEL_EXP: return exp(x);
    case CAROUSEL_LOG: return log(x);
    case CAROUSEL_SQRT: return sqrt(x);
    case CAROUSEL_RECIPROCAL: return 1 / x;
    case CAROUSEL_ABS: return fabs(x);
    default: return NAN;
  }
}

double naive_sum(const float *in, const float *weights, const float *bias, int64_t result, int64_t depth) {
  double sum = bias ? bias[result] : 0;
  for (int64_t k = 0; k < depth; k++) {
    sum += (double)in[k] * weights[result * depth + k];
  }
  return sum;
}

static double sum_of(const double *in, const float *weights, const float *bias, int64_t result, int64_t depth) {
  double sum = bias ? bias[result] : 0;
  for (int64_t k = 0; k < depth; k++) {
    sum += in[k] * weights[result * depth + k];
  }
  return sum;
}

static double bounded(const carousel_cell *cell, const carousel_activation *activation, double x) {
  return naive_activation(activation, fmax(-(double)cell->clip, fmin(cell->clip, x)));
}

struct step {
  const carousel_cell *cell;
  const struct naive_weights *weights;
  const float *in;
  int32_t inputs;
  int32_t width;
};

static double from_input(const struct step *step, int32_t gate, int32_t unit) {
  int64_t result = (int64_t)gate * step->cell->units + unit;
  return naive_sum(step->in, step->weights->input, step->weights->input_bias, result, step->inputs);
}

static double from_hidden(const struct step *step, const double *hidden, int32_t gate, int32_t unit) {
  int64_t result = (int64_t)gate * step->cell->units + unit;
  return sum_of(hidden, step->weights->recurrent, step->weights->recurrent_bias, result, step->width);
}

static double sum(const struct step *step, const double *hidden, int32_t gate, int32_t unit) {
  return from_input(step, gate, unit) + from_hidden(step, hidden, gate, unit);
}

static double lstm(const struct step *step, const double *hidden, double *state, int32_t unit) {
  const carousel_cell *cell = step->cell;
  int coupled = cell->kind == CAROUSEL_LSTM_COUPLED;
  const float *p = cell->peephole;
  double before = state[unit];
  double i = sum(step, hidden, 0, unit) + (p ? p[unit] * before : 0);
  i = bounded(cell, &cell->gate, i);
  double f = 1 - i;
  if (!coupled) {
    f = bounded(cell, &cell->gate, sum(step, hidden, 1, unit) + (p ? p[cell->units + unit] * before : 0));
  }
  double g = bounded(cell, &cell->candidate, sum(step, hidden, coupled ? 1 : 2, unit));
  state[unit] = f * before + i * g;
  double o = sum(step, hidden, coupled ? 2 : 3, unit);
  o += p ? p[(coupled ? 1 : 2) * cell->units + unit] * state[unit] : 0;
  return bounded(cell, &cell->gate, o) * naive_activation(&cell->output, state[unit]);
}

static double gru(const struct step *step, const double *hidden, const double *reset, int32_t unit) {
  const carousel_cell *cell = step->cell;
  double z = bounded(cell, &cell->gate, sum(step, hidden, 1, unit));
  double n = from_input(step, 2, unit);
  if (cell->kind == CAROUSEL_GRU_BEFORE) {
    n += from_hidden(step, reset, 2, unit);
  } else {
    n += bounded(cell, &cell->gate, sum(step, hidden, 0, unit)) * from_hidden(step, hidden, 2, unit);
  }
  return (1 - z) * bounded(cell, &cell->candidate, n) + z * hidden[unit];
}

void naive_step(const carousel_cell *cell, int32_t inputs, int32_t width, const struct naive_weights *weights,
                const float *in, double *hidden, double *state) {
  const struct step step = {cell, weights, in, inputs, width};
  double *next = calloc((size_t)cell->units, sizeof *next);
  double *reset = calloc((size_t)cell->units, sizeof *reset);
  for (int32_t unit = 0; cell->kind == CAROUSEL_GRU_BEFORE && unit < cell->units; unit++) {
    reset[unit] = bounded(cell, &cell->gate, sum(&step, hidden, 0, unit)) * hidden[unit];
  }
  for (int32_t unit = 0; unit < cell->units; unit++) {
    switch (cell->kind) {
      case CAROUSEL_RNN: next[unit] = bounded(cell, &cell->gate, sum(&step, hidden, 0, unit)); break;
      case CAROUSEL_LSTM:
      case CAROUSEL_LSTM_COUPLED: next[unit] = lstm(&step, hidden, state, unit); break;
      default: next[unit] = gru(&step, hidden, reset, unit); break;
    }
  }
  for (int32_t i = 0; i < width; i++) {
    hidden[i] = weights->projection ? sum_of(next, weights->projection, NULL, i, cell->units) : next[i];
  }
  free(reset);
  free(next);
}
