/*
 * Every kernel of every tier that this processor has, against the definitions in double, on memory that ends at a
 * guarded page; and the same bits for any batch, any number of threads and any cut of time. At the end every kernel of
 * the list must have been called.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "across_cases.h"
#include "check.h"
#include "context.h"
#include "guard.h"
#include "naive.h"
#include "tiers.h"

enum { MOST_BATCH = 65, MOST_STEPS = 5 };

static int64_t failures;
static const struct kernels *real;

/* Kernels that count their calls and pass them on. */
#define STAGE(name)                                                                                                    \
  static int64_t calls_of_##name;                                                                                      \
  static void counted_##name(const struct stage *stage, int32_t begin, int32_t end) {                                  \
    __atomic_add_fetch(&calls_of_##name, 1, __ATOMIC_RELAXED);                                                         \
    real->name(stage, begin, end);                                                                                     \
  }
#define ROWS(name)                                                                                                     \
  static int64_t calls_of_##name;                                                                                      \
  static void counted_##name(const carousel_operation *op, int64_t begin, int64_t end) {                               \
    __atomic_add_fetch(&calls_of_##name, 1, __ATOMIC_RELAXED);                                                         \
    real->name(op, begin, end);                                                                                        \
  }
#define ACROSS(name)                                                                                                   \
  static int64_t calls_of_##name;                                                                                      \
  static void counted_##name(const carousel_across *across, int64_t begin, int64_t end) {                              \
    __atomic_add_fetch(&calls_of_##name, 1, __ATOMIC_RELAXED);                                                         \
    real->name(across, begin, end);                                                                                    \
  }
#include "kernels/kernels.inc"
#undef STAGE
#undef ROWS
#undef ACROSS

static carousel_context *open_counting(int32_t tier, int32_t threads, struct kernels *counting) {
  carousel_context *context = opened(tier, threads);
  real = context->kernels;
  counting->lanes = real->lanes;
#define STAGE(name) counting->name = counted_##name;
#define ROWS(name) counting->name = counted_##name;
#define ACROSS(name) counting->name = counted_##name;
#include "kernels/kernels.inc"
#undef STAGE
#undef ROWS
#undef ACROSS
  context->kernels = counting;
  return context;
}

static void every_kernel_was_called(const char *tier) {
#define STAGE(name) CHECK(calls_of_##name > 0, "%s: nothing calls the kernel %s", tier, #name);
#define ROWS(name) STAGE(name)
#define ACROSS(name) STAGE(name)
#include "kernels/kernels.inc"
#undef STAGE
#undef ROWS
#undef ACROSS
}

/* A layer with data of its own. */
struct layer {
  const char *tier;
  carousel_scan scan;
  struct naive_weights weights;
  int32_t gates;
  int32_t steps;
  int32_t batch;
  const int32_t *lengths; /* from long to short, or NULL */
  float *peephole;
};

static int32_t gates_of(int32_t kind) {
  return kind == CAROUSEL_LSTM ? 4 : kind == CAROUSEL_RNN ? 1 : 3;
}

static int32_t length(const struct layer *layer, int32_t row) {
  return layer->lengths ? layer->lengths[row] : layer->steps;
}

static const float *packed(carousel_context *context, int32_t gates, int32_t units, int32_t depth, const float *weights,
                           const float *bias) {
  int64_t given;
  carousel_matrix matrix = {gates, units, depth, weights, bias, 0, NULL};
  carousel_size_matrix(context, &matrix);
  matrix.packed = guarded_lines(matrix.packed_floats, &given);
  carousel_pack(context, &matrix);
  return matrix.packed;
}

static void weigh(struct layer *layer, carousel_context *context) {
  carousel_scan *scan = &layer->scan;
  int32_t units = scan->cell.units;
  int64_t rows = (int64_t)layer->gates * units;
  int projects = scan->width != units;
  float *input = guarded(rows * scan->inputs, 1);
  float *bias = guarded(rows, 2);
  float *recurrent = guarded(rows * scan->width, 3);
  float *other_bias = guarded(rows, 4);
  float *projection = guarded((int64_t)scan->width * units, 5);
  float scale = 1.0f / sqrtf((float)(scan->width + scan->inputs));
  for (int64_t i = 0; i < rows * scan->width; i++) {
    recurrent[i] *= scale;
  }
  int after = scan->cell.kind == CAROUSEL_GRU_AFTER;
  int before = scan->cell.kind == CAROUSEL_GRU_BEFORE;
  layer->weights =
      (struct naive_weights){input, bias, recurrent, after ? other_bias : NULL, projects ? projection : NULL};
  scan->input_weights = packed(context, layer->gates, units, scan->inputs, input, bias);
  scan->recurrent_weights =
      packed(context, before ? 2 : layer->gates, units, scan->width, recurrent, after ? other_bias : NULL);
  scan->second_weights = projects ? packed(context, 1, scan->width, units, projection, NULL)
                         : before ? packed(context, 1, units, units, recurrent + (int64_t)2 * units * units, NULL)
                                  : NULL;
}

/* The rows of a run, packed: those of a step together. */
struct rows {
  int32_t active[MOST_STEPS];
  int32_t first[MOST_STEPS];
  int32_t all;
  carousel_layout layout;
};

static void lay_out(struct rows *rows, const struct layer *layer) {
  rows->all = 0;
  int32_t longest = length(layer, 0);
  for (int32_t step = 0; step < longest; step++) {
    rows->first[step] = rows->all;
    rows->active[step] = 0;
    for (int32_t row = 0; row < layer->batch; row++) {
      rows->active[step] += length(layer, row) > step;
    }
    rows->all += rows->active[step];
  }
  rows->layout = (carousel_layout){longest, rows->active[0], layer->lengths ? rows->active : NULL,
                                   layer->lengths ? rows->first : NULL, layer->lengths};
}

/* Runs a layer; what it returns and what it keeps stand in out, hidden and state, which end at guards. */
static void run(struct layer *layer, carousel_context *context, struct rows *rows, float *out, float *hidden,
                float *state) {
  carousel_scan *scan = &layer->scan;
  lay_out(rows, layer);
  float *in = guarded((int64_t)rows->all * scan->inputs, 6);
  scan->in = (carousel_rows){in, scan->inputs, 1};
  scan->out = (carousel_rows){out, scan->width, 1};
  scan->hidden = (carousel_rows){hidden, scan->width, 0};
  scan->state = (carousel_rows){state, scan->cell.units, 0};
  int64_t floats;
  carousel_layout most = {layer->steps, layer->batch, NULL, NULL, NULL};
  scan->layout = &most;
  carousel_size_scan(context, scan);
  float *workspace = guarded_lines(scan->workspace_floats, &floats);
  scan->workspace = workspace;
  scan->layout = &rows->layout;
  carousel_run_scan(context, scan);
  unguard(workspace, floats);
  unguard(in, (int64_t)rows->all * scan->inputs);
}

static void compare(const struct layer *layer, const char *what, double found, double expected, int32_t row) {
  double tolerance = 1.2e-7 * (8 + 2 * sqrt(layer->scan.inputs + layer->scan.width)) * fmax(1, fabs(expected)) * 4;
  CHECK(fabs(found - expected) <= tolerance,
        "%s: kind %d of %d units, %d steps of %d rows%s: %s of row %d is %g, and should be %g", layer->tier,
        layer->scan.cell.kind, layer->scan.cell.units, layer->steps, layer->batch,
        layer->scan.reverse ? ", reverse" : "", what, row, found, expected);
}

static void as_defined(struct layer *layer, carousel_context *context) {
  const carousel_scan *scan = &layer->scan;
  struct rows rows;
  lay_out(&rows, layer);
  int64_t outs = (int64_t)rows.all * scan->width;
  int64_t hiddens = (int64_t)layer->batch * scan->width;
  int64_t states = (int64_t)layer->batch * scan->cell.units;
  float *out = guarded(outs, 0);
  float *hidden = guarded(hiddens, 7);
  float *state = guarded(states, 8);
  float *hidden_before = guarded(hiddens, 7);
  float *state_before = guarded(states, 8);
  float *in = guarded((int64_t)rows.all * scan->inputs, 6);
  run(layer, context, &rows, out, hidden, state);
  double *h = calloc((size_t)scan->width, sizeof *h);
  double *c = calloc((size_t)scan->cell.units, sizeof *c);
  for (int32_t row = 0; row < rows.layout.batch; row++) {
    for (int32_t i = 0; i < scan->width; i++) {
      h[i] = hidden_before[(int64_t)row * scan->width + i];
    }
    for (int32_t i = 0; i < scan->cell.units; i++) {
      c[i] = state_before[(int64_t)row * scan->cell.units + i];
    }
    for (int32_t i = 0; i < length(layer, row); i++) {
      int64_t at = rows.first[scan->reverse ? length(layer, row) - 1 - i : i] + row;
      naive_step(&scan->cell, scan->inputs, scan->width, &layer->weights, in + at * scan->inputs, h, c);
      for (int32_t unit = 0; unit < scan->width; unit++) {
        compare(layer, "the output", out[at * scan->width + unit], h[unit], row);
      }
    }
    for (int32_t unit = 0; unit < scan->width; unit++) {
      compare(layer, "the last hidden state", hidden[(int64_t)row * scan->width + unit], h[unit], row);
    }
    if (scan->cell.kind == CAROUSEL_LSTM || scan->cell.kind == CAROUSEL_LSTM_COUPLED) {
      for (int32_t unit = 0; unit < scan->cell.units; unit++) {
        compare(layer, "the last cell state", state[(int64_t)row * scan->cell.units + unit], c[unit], row);
      }
    }
  }
  free(c);
  free(h);
  unguard(in, (int64_t)rows.all * scan->inputs);
  unguard(state_before, states);
  unguard(hidden_before, hiddens);
  unguard(state, states);
  unguard(hidden, hiddens);
  unguard(out, outs);
}

/* One row of the batch alone, and other numbers of threads, give the same bits. */
static void same_bits(struct layer *layer, carousel_context *context, carousel_context *threads) {
  const carousel_scan *scan = &layer->scan;
  struct rows rows;
  lay_out(&rows, layer);
  int64_t outs = (int64_t)rows.all * scan->width;
  int64_t hiddens = (int64_t)layer->batch * scan->width;
  int64_t states = (int64_t)layer->batch * scan->cell.units;
  float *out[2] = {guarded(outs, 0), guarded(outs, 1)};
  float *hidden[2] = {guarded(hiddens, 7), guarded(hiddens, 7)};
  float *state[2] = {guarded(states, 8), guarded(states, 8)};
  run(layer, context, &rows, out[0], hidden[0], state[0]);
  run(layer, threads, &rows, out[1], hidden[1], state[1]);
  CHECK(!memcmp(out[0], out[1], (size_t)outs * sizeof(float)) &&
            !memcmp(hidden[0], hidden[1], (size_t)hiddens * sizeof(float)),
        "%s: kind %d of %d units differs with %d threads", layer->tier, scan->cell.kind, scan->cell.units,
        threads->team.threads);
  if (!layer->lengths && layer->batch > 1) {
    struct layer single = *layer;
    single.batch = 1;
    single.steps = 1;
    unguard(hidden[1], hiddens);
    unguard(state[1], states);
    hidden[1] = guarded(hiddens, 7);
    state[1] = guarded(states, 8);
    single.scan.reverse = 0;
    run(&single, context, &rows, out[1], hidden[1], state[1]);
    int64_t at = scan->reverse ? (int64_t)(layer->steps - 1) * layer->batch * scan->width : 0;
    CHECK(scan->reverse || !memcmp(out[0] + at, out[1], (size_t)scan->width * sizeof(float)),
          "%s: kind %d of %d units: the first row differs when it is alone", layer->tier, scan->cell.kind,
          scan->cell.units);
  }
  for (int i = 0; i < 2; i++) {
    unguard(state[i], states);
    unguard(hidden[i], hiddens);
    unguard(out[i], outs);
  }
}

static const carousel_activation SIGMOID = {CAROUSEL_SIGMOID, 0, 0};
static const carousel_activation TANH = {CAROUSEL_TANH, 0, 0};

static void layers(int32_t tier, carousel_context *context, carousel_context *threads, int32_t units, int32_t batch) {
  static const int32_t KINDS[] = {CAROUSEL_RNN, CAROUSEL_LSTM, CAROUSEL_LSTM_COUPLED, CAROUSEL_GRU_BEFORE,
                                  CAROUSEL_GRU_AFTER};
  static int32_t lengths[MOST_BATCH];
  for (int32_t i = 0; i < batch; i++) {
    lengths[i] = MOST_STEPS - i * MOST_STEPS / batch;
  }
  float *peephole = guarded((int64_t)3 * units, 9);
  for (int variant = 0; variant < 5 * 4; variant++) {
    int32_t kind = KINDS[variant % 5];
    int lstm = kind == CAROUSEL_LSTM || kind == CAROUSEL_LSTM_COUPLED;
    int odd = variant / 5;
    struct layer layer = {.tier = TIER_NAMES[tier], .steps = MOST_STEPS, .batch = batch, .gates = gates_of(kind)};
    layer.scan.cell = (carousel_cell){.kind = kind,
                                      .units = units,
                                      .gate = kind == CAROUSEL_RNN ? TANH : SIGMOID,
                                      .candidate = TANH,
                                      .output = TANH,
                                      .clip = INFINITY};
    layer.scan.inputs = units + 3;
    layer.scan.width = lstm && odd == 1 ? units / 2 + 1 : units;
    layer.scan.reverse = odd & 1;
    if (odd >= 2) {
      layer.lengths = lengths;
      layer.scan.cell.clip = 0.7f;
      layer.scan.cell.peephole = lstm ? peephole + (kind == CAROUSEL_LSTM ? 0 : units) : NULL;
      layer.scan.cell.gate = (carousel_activation){CAROUSEL_HARD_SIGMOID, 0.2f, 0.5f};
      layer.scan.cell.candidate = (carousel_activation){CAROUSEL_SOFTSIGN, 0, 0};
    }
    weigh(&layer, context);
    as_defined(&layer, context);
    same_bits(&layer, context, threads);
  }
  unguard(peephole, (int64_t)3 * units);
}

static void rows_as_defined(const char *tier, carousel_context *context, carousel_operation *op) {
  int32_t columns = op->cell.units;
  int64_t floats = columns * op->rows;
  float *before = guarded(floats, 3);
  float *out = guarded(floats, 3);
  op->out = (carousel_rows){out, columns, 1};
  carousel_run(context, op);
  for (int64_t j = 0; j < floats; j++) {
    double expected = naive_row(op, j / columns, j % columns) + (op->accumulate ? before[j] : 0);
    CHECK(out[j] == expected || fabs(out[j] - expected) < 1e-6 * fmax(1, fabs(expected)) ||
              (isnan(out[j]) && isnan(expected)),
          "%s: operation %d, function %d, at %d is %g, and should be %g", tier, op->cell.kind, op->cell.gate.function,
          (int)j, (double)out[j], expected);
  }
  unguard(out, floats);
  unguard(before, floats);
}

static void rows_kernels(const char *tier, carousel_context *context, int32_t columns, int32_t count) {
  int64_t floats = (int64_t)columns * count;
  float *a = guarded(floats, 1);
  float *b = guarded(floats, 2);
  float *one = guarded(count, 5);
  float *scale = guarded(columns, 6);
  float *shift = guarded(columns, 7);
  carousel_operation op = {
      .cell = {.units = columns}, .in = {a, columns, 1}, .other = {b, columns, 1}, .epsilon = 1e-5, .rows = count};
  for (int32_t kind = CAROUSEL_SOFTMAX; kind <= CAROUSEL_COPY; kind++) {
    op.cell.kind = kind;
    rows_as_defined(tier, context, &op);
  }
  op.cell.kind = CAROUSEL_MAXIMUM;
  a[floats - 1] = NAN;
  rows_as_defined(tier, context, &op);
  a[floats - 1] = 0;
  b[0] = NAN;
  rows_as_defined(tier, context, &op);
  op.other = (carousel_rows){one, 1, 1};
  op.depth = 1;
  for (int32_t kind = CAROUSEL_ADD; kind <= CAROUSEL_MINIMUM; kind++) {
    op.cell.kind = kind;
    rows_as_defined(tier, context, &op);
  }
  for (int variant = 0; variant < 4 * 2; variant++) {
    op.weights = variant & 1 ? scale : NULL;
    op.shift = variant & 2 ? shift : NULL;
    op.accumulate = variant / 4;
    op.cell.kind = CAROUSEL_SCALE;
    rows_as_defined(tier, context, &op);
    op.accumulate = 0;
    op.cell.kind = CAROUSEL_NORMALISE;
    rows_as_defined(tier, context, &op);
  }
  for (int64_t i = 0; i < floats; i++) {
    a[i] += 1e4f; /* what is left of a large mean */
  }
  rows_as_defined(tier, context, &op);
  for (int64_t i = 0; i < floats; i++) {
    a[i] -= 1e4f;
  }
  op.cell.kind = CAROUSEL_ACTIVATE;
  for (int32_t function = CAROUSEL_RELU; function <= CAROUSEL_ABS; function++) {
    op.cell.gate = (carousel_activation){function, 0.3f, 0.6f};
    rows_as_defined(tier, context, &op);
  }
  unguard(shift, columns);
  unguard(scale, columns);
  unguard(one, count);
  unguard(b, floats);
  unguard(a, floats);
}

static void products(const char *tier, carousel_context *context, int32_t units, int32_t depth, int32_t count) {
  float *weights = guarded((int64_t)units * depth, 1);
  for (int64_t i = 0; i < (int64_t)units * depth; i++) {
    weights[i] /= sqrtf((float)depth); /* so that sums stay about 1, as in a network */
  }
  float *bias = guarded(units, 2);
  float *in = guarded((int64_t)depth * count, 3);
  float *out = guarded((int64_t)units * count, 4);
  float *before = guarded((int64_t)units * count, 4);
  carousel_operation op = {.cell = {.kind = CAROUSEL_PRODUCT, .units = units},
                           .depth = depth,
                           .accumulate = 1,
                           .weights = packed(context, 1, units, depth, weights, bias),
                           .in = {in, depth, 1},
                           .out = {out, units, 1},
                           .rows = count};
  carousel_run(context, &op);
  for (int64_t j = 0; j < (int64_t)units * count; j++) {
    double expected = before[j] + naive_sum(in + j / units * depth, weights, bias, j % units, depth);
    CHECK(fabs(out[j] - expected) < 1.2e-7 * (8 + 2 * sqrt(depth)) * fmax(1, fabs(expected)) * 2,
          "%s: product of %d from %d at %d is %g, and should be %g", tier, units, depth, (int)j, (double)out[j],
          expected);
  }
  unguard(before, (int64_t)units * count);
  unguard(out, (int64_t)units * count);
  unguard(in, (int64_t)depth * count);
  unguard(bias, units);
  unguard(weights, (int64_t)units * depth);
}

/* A cell on sums that stand in memory, which whole scans do not need. */
static void updates(const char *tier, carousel_context *context, int32_t units) {
  float *gates = guarded(units, 1);
  float *hidden = guarded(units, 2);
  carousel_operation op = {.cell = {.kind = CAROUSEL_RNN, .units = units, .gate = TANH, .clip = INFINITY},
                           .in = {gates, units, 1},
                           .hidden = {hidden, units, 0},
                           .rows = 1};
  carousel_run(context, &op);
  for (int32_t i = 0; i < units; i++) {
    CHECK(fabs(hidden[i] - tanh(gates[i])) < 1e-6, "%s: the update of an rnn is wrong at unit %d", tier, i);
  }
  unguard(hidden, units);
  unguard(gates, units);
}

int main(void) {
  static const int32_t SIZES[] = {1, 7, 8, 9, 16, 17, 33, 64, 100};
  static const int32_t BATCHES[] = {1, 2, 3, 5, 6, 7, 13, 49, 65};
  for (int32_t tier = 0; tier < CAROUSEL_TIERS; tier++) {
    if (!ready(tier)) {
      continue;
    }
    struct kernels counting;
    carousel_context *context = open_counting(tier, 1, &counting);
    carousel_context *threads = opened(tier, 3);
    for (int i = 0; i < 9; i++) {
      layers(tier, context, threads, SIZES[i], BATCHES[8 - i]);
      layers(tier, context, threads, SIZES[i], BATCHES[(i + 4) % 9 / 2]);
      rows_kernels(TIER_NAMES[tier], context, SIZES[i], BATCHES[i]);
      products(TIER_NAMES[tier], context, SIZES[i], SIZES[8 - i], BATCHES[i]);
      updates(TIER_NAMES[tier], context, SIZES[i]);
      failures += across_cases(TIER_NAMES[tier], context, threads, SIZES[i], BATCHES[8 - i]);
    }
    products(TIER_NAMES[tier], context, 100, 2000, 50);
    failures += across_cases(TIER_NAMES[tier], context, threads, 700, 9);
    every_kernel_was_called(TIER_NAMES[tier]);
    printf("%s: all kernels as defined, %lld failures\n", TIER_NAMES[tier], (long long)failures);
    carousel_close(threads);
    carousel_close(context);
  }
  return failures ? EXIT_FAILURE : EXIT_SUCCESS;
}
