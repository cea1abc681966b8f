/* An operation over rows: products are dealt to threads by panels or by rows, the rest by rows. */
#include "context.h"

enum {
  THREAD_WORK = 400 * 1000, /* multiply-adds for which one more thread pays */
  ELEMENT_WORK = 16         /* what an element of other operations counts for */
};

struct job {
  const struct kernels *kernels;
  const carousel_operation *operation;
  int64_t step_row;
  int64_t rows;
};

static void run_product(const struct job *job, int64_t first, int64_t rows, int32_t begin, int32_t end) {
  const carousel_operation *op = job->operation;
  int64_t in_row = first + (op->in.per_step ? job->step_row : 0);
  int64_t out_row = first + (op->out.per_step ? job->step_row : 0);
  struct stage stage = {
      .cell = &op->cell,
      .weights = op->weights,
      .rows = rows,
      .depth = op->depth,
      .in = op->in.data + in_row * op->in.stride,
      .in_stride = op->in.stride,
      .out = op->out.data + out_row * op->out.stride,
      .out_stride = op->out.stride,
      .accumulate = op->accumulate,
  };
  job->kernels->product(&stage, begin, end);
}

/* Threads beyond the panels share them and split the rows. */
static void product_part(const struct job *job, int32_t index, int32_t count) {
  int32_t panels = panel_count(job->kernels, 1, job->operation->cell.units);
  int32_t across = panels < count ? panels : count;
  int32_t down = count / across;
  if (index >= across * down) {
    return;
  }
  int32_t column = index % across;
  int64_t row = index / across;
  int64_t first = job->rows * row / down;
  int64_t rows = job->rows * (row + 1) / down - first;
  if (rows > 0) {
    run_product(job, first, rows, panels * column / across, panels * (column + 1) / across);
  }
}

static rows_kernel *kernel_of(const struct job *job) {
  switch (job->operation->cell.kind) {
    case CAROUSEL_ACTIVATE: return job->kernels->activate;
    case CAROUSEL_SOFTMAX: return job->kernels->softmax;
    case CAROUSEL_ADD:
    case CAROUSEL_AVERAGE:
    case CAROUSEL_MULTIPLY: return job->kernels->combine;
    case CAROUSEL_COPY:
    case CAROUSEL_EMBED: return job->kernels->copy;
    default: return job->kernels->update;
  }
}

static void part(void *argument, int32_t index, int32_t count) {
  const struct job *job = argument;
  if (job->operation->cell.kind == CAROUSEL_PRODUCT) {
    product_part(job, index, count);
    return;
  }
  int64_t first = job->rows * index / count;
  kernel_of(job)(job->operation, job->step_row, first, job->rows * (index + 1) / count);
}

void carousel_run(carousel_context *context, const carousel_operation *operation, int64_t step_row, int64_t rows) {
  struct job job = {context->kernels, operation, step_row, rows};
  int64_t each = operation->cell.kind == CAROUSEL_PRODUCT ? operation->depth : ELEMENT_WORK;
  int64_t threads = rows * operation->cell.units * each / THREAD_WORK + 1;
  int32_t most = context->pool.threads;
  pool_run(&context->pool, threads < most ? (int32_t)threads : most, part, &job);
}
