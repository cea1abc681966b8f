/*
 * A layer over time. Threads own slices of the units, so that a slice's weights stay in its thread's cache, and meet
 * once a step, when all of the hidden state is there (twice where a cell has a second product).
 *
 * The hidden state has two buffers, one read and one written in a step. The input product is computed for a chunk of
 * steps at a time into a buffer that only its own slice's thread touches; the next chunk's is computed between arriving
 * at a barrier and waiting there, since it needs nothing of the others. Where steps are cut makes no difference to the
 * bits, see tile.h.
 */
#include <string.h>

#include "context.h"

enum {
  CHUNK_ROWS = 240,        /* rows of a chunk where the batch is small: many tiles for each weight that is loaded */
  STEP_ROWS = 32,          /* from this batch on a chunk is one step */
  STEP_WORK = 100 * 1000,  /* multiply-adds a step for which one more thread pays */
  TASK_WORK = 400 * 1000   /* and in all, where threads meet only at the end */
};

/* What is the same for all threads of a scan. */
struct run {
  const struct kernels *kernels;
  const carousel_scan *scan;
  const carousel_layout *layout;
  int32_t gates;
  float *hidden[2];       /* [batch][hidden_stride] */
  int64_t hidden_stride;
  float *between;         /* [batch][between_stride]: what the second product reads */
  int64_t between_stride;
  float *sums;            /* [rows of a chunk][sums_stride] */
  int64_t sums_stride;
};

/* The panels of a thread: of the gates, and of the second product. */
struct slice {
  int32_t begin;
  int32_t end;
  int32_t second_begin;
  int32_t second_end;
};

struct chunk {
  int32_t begin; /* the first and the last step, in the order of time */
  int32_t end;
  int64_t first; /* the packed row at which it starts */
};

static int32_t gates_of(int32_t kind) {
  return kind == CAROUSEL_LSTM ? 4 : kind == CAROUSEL_RNN ? 1 : 3;
}

/* Padded to whole panels of any kernel, and off the powers of two, which would put all rows in one set of a cache. */
static int64_t padded(int64_t columns) {
  return divided_up(columns, 64) * 64 + 16;
}

static int64_t chunk_rows(int64_t steps, int64_t batch) {
  int64_t rows = batch > CHUNK_ROWS ? batch : CHUNK_ROWS;
  return rows < steps * batch ? rows : steps * batch;
}

static int64_t sums_stride(const struct kernels *kernels, int32_t gates, int32_t units) {
  return panel_count(kernels, gates, units) * panel_units(kernels, gates) * gates;
}

int64_t carousel_workspace(const carousel_context *context, const carousel_scan *scan, int64_t steps, int64_t batch) {
  int32_t gates = gates_of(scan->cell.kind);
  int64_t between = scan->second_weights ? padded(scan->cell.units) : 0;
  return batch * (2 * padded(scan->width) + between) +
         chunk_rows(steps, batch) * sums_stride(context->kernels, gates, scan->cell.units);
}

static struct run run_of(const struct kernels *kernels, const carousel_scan *scan, const carousel_layout *layout) {
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

/* The steps from the i-th on whose input product is made at once. */
static struct chunk chunk_from(const struct run *run, int32_t i) {
  int32_t end = i + 1;
  int64_t rows = active(run, step_at(run, i));
  while (end < run->layout->steps && rows < STEP_ROWS * 8) {
    int64_t more = active(run, step_at(run, end));
    if (more >= STEP_ROWS || rows + more > CHUNK_ROWS) {
      break;
    }
    rows += more;
    end++;
  }
  return (struct chunk){i, end, first(run, run->scan->reverse ? step_at(run, end - 1) : step_at(run, i))};
}

/* Fetching ahead pays where a thread's weights do not stay in its own cache. */
static const float *ahead_of(const struct run *run, const float *weights, int32_t gates, int32_t depth,
                             const struct slice *slice) {
  int64_t panel = (int64_t)(depth + 1) * gates * panel_units(run->kernels, gates);
  int64_t bytes = panel * (slice->end - slice->begin) * (int64_t)sizeof(float);
  return bytes > 700 * 1024 ? weights + slice->begin * panel : NULL;
}

static void project(const struct run *run, const struct chunk *chunk, const struct slice *slice) {
  const carousel_scan *scan = run->scan;
  int32_t last = scan->reverse ? step_at(run, chunk->begin) : step_at(run, chunk->end - 1);
  struct stage stage = {
      .cell = &scan->cell,
      .weights = scan->input_weights,
      .ahead = ahead_of(run, scan->input_weights, run->gates, scan->inputs, slice),
      .rows = first(run, last) + active(run, last) - chunk->first,
      .depth = scan->inputs,
      .vectors = run->gates * panel_groups(run->gates),
      .in = scan->in.data + chunk->first * scan->in.stride,
      .in_stride = scan->in.stride,
      .sums = run->sums,
      .sums_stride = run->sums_stride,
  };
  run->kernels->project(&stage, slice->begin, slice->end);
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
  struct stage stage = {
      .cell = &scan->cell,
      .weights = scan->recurrent_weights,
      .ahead = ahead_of(run, scan->recurrent_weights, gates, scan->width, slice),
      .rows = active(run, step),
      .depth = scan->width,
      .in = run->hidden[i & 1],
      .in_stride = run->hidden_stride,
      .sums = run->sums + (first(run, step) - chunk->first) * run->sums_stride,
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
      .weights = scan->second_weights,
      .rows = active(run, step),
      .depth = scan->cell.units,
      .in = run->between,
      .in_stride = run->between_stride,
      .previous = run->hidden[i & 1],
      .previous_stride = run->hidden_stride,
      .next = run->hidden[~i & 1],
      .next_stride = run->hidden_stride,
      .out = scan->out.data ? scan->out.data + first(run, step) * scan->out.stride : NULL,
      .out_stride = scan->out.stride,
  };
  if (cell.kind == CAROUSEL_GRU_BEFORE) {
    stage.sums = run->sums + (first(run, step) - chunk->first) * run->sums_stride;
    stage.sums_stride = run->sums_stride;
    run->kernels->gru_before(&stage, slice->second_begin, slice->second_end);
  } else {
    run->kernels->product(&stage, slice->second_begin, slice->second_end);
  }
}

/* The two products of a GRU that resets before are cut at the same units: its second reads sums of the first. */
static struct slice slice_of(const struct run *run, int32_t index, int32_t count) {
  const carousel_scan *scan = run->scan;
  int32_t panels = panel_count(run->kernels, run->gates, scan->cell.units);
  int32_t second = panel_count(run->kernels, 1, scan->width);
  struct slice slice = {panels * index / count, panels * (index + 1) / count, second * index / count,
                        second * (index + 1) / count};
  if (scan->cell.kind == CAROUSEL_GRU_BEFORE) {
    slice.begin = slice.second_begin * PANEL_GROUPS;
    slice.end = slice.second_end * PANEL_GROUPS < panels ? slice.second_end * PANEL_GROUPS : panels;
  }
  return slice;
}

static void scan_slice(const struct run *run, struct barrier *barrier, int32_t index, int32_t count) {
  const struct slice slice = slice_of(run, index, count);
  struct chunk chunk = chunk_from(run, 0);
  project(run, &chunk, &slice);
  for (int32_t i = 0; i < run->layout->steps; i++) {
    first_stage(run, &chunk, &slice, i);
    if (run->scan->second_weights) {
      barrier_wait(barrier, barrier_arrive(barrier, count), count);
      second_stage(run, &chunk, &slice, i);
    }
    if (i + 1 < run->layout->steps) {
      uint32_t ticket = barrier_arrive(barrier, count);
      if (i + 1 == chunk.end) {
        chunk = chunk_from(run, i + 1);
        project(run, &chunk, &slice);
      }
      barrier_wait(barrier, ticket, count);
    }
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

/* The threads that pay for a scan. */
static int32_t threads_for(const struct run *run) {
  int64_t panels = panel_count(run->kernels, run->gates, run->scan->cell.units);
  int64_t threads = step_work(run) / STEP_WORK + 1;
  return (int32_t)(threads < panels ? threads : panels);
}

struct task_of_scans {
  carousel_context *context;
  struct run runs[2];
  int32_t count;
};

/* Of two scans each has a half of the threads and a barrier of its own; one thread runs them one after the other. */
static void scans_slice(void *argument, int32_t index, int32_t count) {
  struct task_of_scans *task = argument;
  struct barrier *barriers = task->context->steps;
  if (count == 1 || task->count == 1) {
    for (int32_t i = 0; i < task->count; i++) {
      scan_slice(&task->runs[i], &barriers[i], index, count);
    }
    return;
  }
  int32_t half = count / 2;
  if (index < half) {
    scan_slice(&task->runs[0], &barriers[0], index, half);
  } else {
    scan_slice(&task->runs[1], &barriers[1], index - half, count - half);
  }
}

void carousel_run_scans(carousel_context *context, const carousel_scan *scans, int32_t count,
                        const carousel_layout *layout) {
  struct task_of_scans task = {.context = context, .count = count};
  int64_t threads = 0;
  int64_t work = 0;
  for (int32_t i = 0; i < count; i++) {
    task.runs[i] = run_of(context->kernels, &scans[i], layout);
    take_hidden(&task.runs[i]);
    work += step_work(&task.runs[i]);
    threads += threads_for(&task.runs[i]);
  }
  if (work < STEP_WORK && work * layout->steps < TASK_WORK) {
    threads = 1;
  }
  pool_run(&context->pool, (int32_t)threads, scans_slice, &task);
  for (int32_t i = 0; i < count; i++) {
    give_hidden(&task.runs[i]);
  }
}
