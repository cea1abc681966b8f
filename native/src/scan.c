/*
 * A layer over time. A phase is a step (of a cell with a second product there are two), a part is a range of the units.
 *
 * The hidden state has two buffers, one read and one written in a step. The input product is computed for a chunk of
 * steps at a time, as much of it as a part needs, into a buffer that stays in a cache. Where steps are cut makes no
 * difference to the bits, see tile.h.
 */
#include <string.h>

#include "context.h"

enum {
  NEAR_ROWS = 48,         /* rows of a chunk where the batch is small: tiles enough for each weight that is loaded, */
  FAR_ROWS = 240,         /* and more where weights come from memory; but sums should stay in the cache */
  FAR_BYTES = 16 << 20,   /* of weights, which is about what other caches hold */
  STEP_ROWS = 32,         /* from this batch on a chunk is one step */
  STEP_WORK = 100 * 1000, /* multiply-adds a step for which one more thread pays */
  TASK_WORK = 400 * 1000, /* of two scans in all for which a thread for each pays */
  OWN_CACHE = 700 * 1024  /* bytes of weights that stay near a processor */
};

/* What is the same for all threads of a scan. */
struct run {
  const struct kernels *kernels;
  const carousel_scan *scan;
  const carousel_layout *layout;
  int32_t gates;
  int32_t shares;
  int32_t parts;     /* of a share */
  int32_t few_from;  /* the first step of few sequences; those before are chunks of their own */
  int32_t few_steps; /* of a chunk from there on */
  float *hidden[2];  /* [batch][hidden_stride] */
  int64_t hidden_stride;
  float *between; /* [batch][between_stride]: what the second product reads */
  int64_t between_stride;
  float *sums; /* [rows of a chunk][sums_stride] */
  int64_t sums_stride;
};

/* Panels, and the one that their thread needs after them. */
struct slice {
  int32_t begin;
  int32_t end;
  int32_t next;
};

/* The steps from low to before high. */
struct chunk {
  int32_t low;
  int32_t high;
};

static int32_t gates_of(int32_t kind) {
  return kind == CAROUSEL_LSTM ? 4 : kind == CAROUSEL_RNN ? 1 : 3;
}

/* Padded to whole panels of any kernel, and off the powers of two, which would put all rows in one set of a cache. */
static int64_t padded(int64_t columns) {
  return divided_up(columns, 64) * 64 + 16;
}

/* The rows of a chunk of a small batch. */
static int32_t few_rows(const carousel_scan *scan) {
  int64_t bytes = (int64_t)gates_of(scan->cell.kind) * scan->cell.units * scan->inputs * (int64_t)sizeof(float);
  return bytes > FAR_BYTES ? FAR_ROWS : NEAR_ROWS;
}

static int64_t chunk_rows(const carousel_scan *scan, int64_t steps, int64_t batch) {
  int64_t rows = batch > few_rows(scan) ? batch : few_rows(scan);
  return rows < steps * batch ? rows : steps * batch;
}

static int64_t sums_stride(const struct kernels *kernels, int32_t gates, int32_t units) {
  return panel_count(kernels, gates, units) * panel_units(kernels, gates) * gates;
}

void carousel_size_scan(const carousel_context *context, carousel_scan *scan) {
  int32_t gates = gates_of(scan->cell.kind);
  int64_t batch = scan->layout->batch;
  int64_t between = scan->second_weights ? padded(scan->cell.units) : 0;
  scan->workspace_floats =
      batch * (2 * padded(scan->width) + between) +
      chunk_rows(scan, scan->layout->steps, batch) * sums_stride(context->kernels, gates, scan->cell.units);
}

static struct run run_of(const struct kernels *kernels, const carousel_scan *scan) {
  const carousel_layout *layout = scan->layout;
  struct run run = {.kernels = kernels, .scan = scan, .layout = layout};
  run.gates = gates_of(scan->cell.kind);
  run.hidden_stride = padded(scan->width);
  run.between_stride = padded(scan->cell.units);
  run.hidden[0] = scan->workspace;
  run.hidden[1] = run.hidden[0] + layout->batch * run.hidden_stride;
  run.between = run.hidden[1] + layout->batch * run.hidden_stride;
  run.sums = run.between + (scan->second_weights ? layout->batch * run.between_stride : 0);
  run.sums_stride = sums_stride(kernels, run.gates, scan->cell.units);
  return run;
}

static int32_t active(const struct run *run, int32_t step) {
  return run->layout->active ? run->layout->active[step] : run->layout->batch;
}

static int64_t first(const struct run *run, int32_t step) {
  return run->layout->first ? run->layout->first[step] : (int64_t)step * run->layout->batch;
}

/* The step that is computed as the i-th. */
static int32_t step_at(const struct run *run, int32_t i) {
  return run->scan->reverse ? run->layout->steps - 1 - i : i;
}

/* Finds where the steps of few sequences begin. */
static void cut(struct run *run) {
  while (run->few_from < run->layout->steps && active(run, run->few_from) >= STEP_ROWS) {
    run->few_from = run->layout->active ? run->few_from + 1 : run->layout->steps;
  }
  if (run->few_from < run->layout->steps) {
    run->few_steps = few_rows(run->scan) / active(run, run->few_from);
  }
}

static struct chunk chunk_of(const struct run *run, int32_t step) {
  if (step < run->few_from) {
    return (struct chunk){step, step + 1};
  }
  int32_t low = step - (step - run->few_from) % run->few_steps;
  int32_t high = run->layout->steps - low < run->few_steps ? run->layout->steps : low + run->few_steps;
  return (struct chunk){low, high};
}

/* Fetching ahead pays where a thread's weights do not stay in its own cache. */
static const float *ahead_of(const struct run *run, const float *weights, int32_t gates, int32_t depth,
                             const struct slice *slice) {
  int64_t panel = (int64_t)(depth + 1) * gates * panel_units(run->kernels, gates);
  int64_t share = panel * panel_count(run->kernels, gates, run->scan->cell.units) / run->shares;
  return share * (int64_t)sizeof(float) > OWN_CACHE ? weights + slice->next * panel : NULL;
}

/* The product with the inputs, from the row of a step on. */
static struct product input_product(const struct run *run, int64_t row, const struct slice *slice) {
  const carousel_scan *scan = run->scan;
  return (struct product){
      .in = scan->in.data + row * scan->in.stride,
      .in_stride = scan->in.stride,
      .weights = scan->input_weights,
      .ahead = ahead_of(run, scan->input_weights, run->gates, scan->inputs, slice),
      .depth = scan->inputs,
  };
}

static void project(const struct run *run, const struct chunk *chunk, const struct slice *slice) {
  const carousel_scan *scan = run->scan;
  int64_t row = first(run, chunk->low);
  struct stage stage = {
      .cell = &scan->cell,
      .products = {input_product(run, row, slice)},
      .count = 1,
      .vectors = run->gates * panel_groups(run->gates),
      .rows = first(run, chunk->high - 1) + active(run, chunk->high - 1) - row,
      .sums = run->sums,
      .sums_stride = run->sums_stride,
  };
  run->kernels->project(&stage, slice->begin, slice->end);
}

/* A chunk of one step needs no place for sums, if they go straight into the cell. */
static int straight(const struct run *run, const struct chunk *chunk) {
  int32_t kind = run->scan->cell.kind;
  return chunk->high - chunk->low == 1 && kind != CAROUSEL_GRU_BEFORE && kind != CAROUSEL_GRU_AFTER;
}

static stage_kernel *first_kernel(const struct run *run) {
  switch (run->scan->cell.kind) {
    case CAROUSEL_RNN: return run->kernels->rnn;
    case CAROUSEL_LSTM: return run->kernels->lstm;
    case CAROUSEL_LSTM_COUPLED: return run->kernels->lstm_coupled;
    case CAROUSEL_GRU_BEFORE: return run->kernels->gru_reset;
    default: return run->kernels->gru_after;
  }
}

/* The products with the hidden state, and the cell. */
static void first_stage(const struct run *run, const struct chunk *chunk, const struct slice *slice, int32_t i) {
  const carousel_scan *scan = run->scan;
  int32_t step = step_at(run, i);
  int32_t gates = scan->cell.kind == CAROUSEL_GRU_BEFORE ? 2 : run->gates;
  float *out = scan->second_weights || !scan->out.data ? NULL : scan->out.data + first(run, step) * scan->out.stride;
  int fused = straight(run, chunk);
  struct stage stage = {
      .cell = &scan->cell,
      .count = 1 + fused,
      .rows = active(run, step),
      .sums = fused ? NULL : run->sums + (first(run, step) - first(run, chunk->low)) * run->sums_stride,
      .sums_stride = run->sums_stride,
      .previous = run->hidden[i & 1],
      .previous_stride = run->hidden_stride,
      .next = scan->second_weights ? run->between : run->hidden[~i & 1],
      .next_stride = scan->second_weights ? run->between_stride : run->hidden_stride,
      .state = scan->state.data,
      .state_stride = scan->state.stride,
      .out = out,
      .out_stride = scan->out.stride,
  };
  if (fused) {
    stage.products[0] = input_product(run, first(run, step), slice);
  }
  stage.products[fused] = (struct product){
      .in = run->hidden[i & 1],
      .in_stride = run->hidden_stride,
      .weights = scan->recurrent_weights,
      .ahead = ahead_of(run, scan->recurrent_weights, gates, scan->width, slice),
      .depth = scan->width,
  };
  first_kernel(run)(&stage, slice->begin, slice->end);
}

/* The projection, or n of a GRU that resets before. */
static void second_stage(const struct run *run, const struct chunk *chunk, const struct slice *slice, int32_t i) {
  const carousel_scan *scan = run->scan;
  int32_t step = step_at(run, i);
  carousel_cell cell = scan->cell;
  cell.units = scan->width;
  struct stage stage = {
      .cell = &cell,
      .products = {{run->between, run->between_stride, scan->second_weights, NULL, scan->cell.units}},
      .count = 1,
      .rows = active(run, step),
      .previous = run->hidden[i & 1],
      .previous_stride = run->hidden_stride,
      .next = run->hidden[~i & 1],
      .next_stride = run->hidden_stride,
      .out = scan->out.data ? scan->out.data + first(run, step) * scan->out.stride : NULL,
      .out_stride = scan->out.stride,
  };
  if (cell.kind == CAROUSEL_GRU_BEFORE) {
    stage.sums = run->sums + (first(run, step) - first(run, chunk->low)) * run->sums_stride;
    stage.sums_stride = run->sums_stride;
    run->kernels->gru_before(&stage, slice->begin, slice->end);
  } else {
    run->kernels->product(&stage, slice->begin, slice->end);
  }
}

static struct slice slice_of(const struct run *run, int32_t gates, int32_t units, int32_t part) {
  int32_t panels = panel_count(run->kernels, gates, units);
  int32_t parts = run->shares * run->parts;
  int32_t share = part / run->parts;
  int last = (part + 1) % run->parts == 0;
  struct slice slice = {part_begin(panels, part, parts), part_begin(panels, part + 1, parts), 0};
  slice.next = last ? part_begin(panels, share * run->parts, parts) : slice.end;
  return slice;
}

static void compute(const void *work, int32_t phase, int32_t part) {
  const struct run *run = work;
  const carousel_scan *scan = run->scan;
  int32_t stages = scan->second_weights ? 2 : 1;
  int32_t i = phase / stages;
  int32_t step = step_at(run, i);
  struct chunk chunk = chunk_of(run, step);
  if (phase % stages == 0) {
    struct slice slice = slice_of(run, run->gates, scan->cell.units, part);
    if (step == (scan->reverse ? chunk.high - 1 : chunk.low) && !straight(run, &chunk)) {
      project(run, &chunk, &slice);
    }
    first_stage(run, &chunk, &slice, i);
  } else {
    struct slice slice = slice_of(run, 1, scan->width, part);
    second_stage(run, &chunk, &slice, i);
  }
}

static int32_t length(const struct run *run, int32_t row) {
  return run->layout->length ? run->layout->length[row] : run->layout->steps;
}

/* A row of a reverse scan starts late, when either buffer may be the one that is read. */
static void take_hidden(const struct run *run) {
  const carousel_rows *hidden = &run->scan->hidden;
  size_t bytes = (size_t)run->scan->width * sizeof(float);
  for (int32_t row = 0; row < run->layout->batch; row++) {
    int32_t start = run->scan->reverse ? run->layout->steps - length(run, row) : 0;
    memcpy(run->hidden[start & 1] + row * run->hidden_stride, hidden->data + row * hidden->stride, bytes);
  }
}

static void give_hidden(const struct run *run) {
  const carousel_rows *hidden = &run->scan->hidden;
  size_t bytes = (size_t)run->scan->width * sizeof(float);
  for (int32_t row = 0; row < run->layout->batch; row++) {
    int32_t end = run->scan->reverse ? run->layout->steps : length(run, row);
    memcpy(hidden->data + row * hidden->stride, run->hidden[end & 1] + row * run->hidden_stride, bytes);
  }
}

/* The multiply-adds of a step. */
static int64_t step_work(const struct run *run) {
  return (int64_t)run->layout->batch * run->gates * run->scan->cell.units *
         ((int64_t)run->scan->inputs + run->scan->width);
}

/* The threads that a scan gets: of two each takes a half, if that pays; one alone takes as many as pay. */
static int32_t shares_of(const struct run *run, int32_t threads, int32_t index, int32_t count) {
  int64_t work = step_work(run);
  int64_t most = panel_count(run->kernels, run->gates, run->scan->cell.units);
  most = work / STEP_WORK + 1 < most ? work / STEP_WORK + 1 : most;
  int64_t mine = count == 1 ? threads : index == 0 ? threads / 2 : threads - threads / 2;
  int64_t shares = mine < most ? mine : most;
  return (int32_t)(shares > 1 ? shares : 1);
}

void carousel_run_scan(carousel_context *context, const carousel_scan *scan) {
  const carousel_scan *scans[MOST_JOBS] = {scan, scan->beside};
  int32_t count = scan->beside ? 2 : 1;
  struct run runs[MOST_JOBS];
  struct job jobs[MOST_JOBS] = {0};
  int64_t work = 0;
  for (int32_t i = 0; i < count; i++) {
    runs[i] = run_of(context->kernels, scans[i]);
    cut(&runs[i]);
    take_hidden(&runs[i]);
    int32_t steps = scans[i]->layout->steps;
    work += step_work(&runs[i]) * steps;
    int32_t shares = shares_of(&runs[i], context->team.threads, i, count);
    runs[i].shares = shares;
    runs[i].parts = parts_of(panel_count(context->kernels, runs[i].gates, scans[i]->cell.units), shares);
    jobs[i] = (struct job){compute, &runs[i], steps * (scans[i]->second_weights ? 2 : 1), shares, runs[i].parts};
  }
  int32_t together = work < TASK_WORK ? 1 : count;
  for (int32_t i = 0; i < count; i += together) {
    team_run(&context->team, jobs + i, together);
  }
  for (int32_t i = 0; i < count; i++) {
    give_hidden(&runs[i]);
  }
}
