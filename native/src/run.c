/* An operation over rows: products are dealt to threads by panels or by rows, the rest by rows. */
#include "context.h"

struct job_of_rows {
  const struct kernels *kernels;
  const carousel_operation *operation;
  int32_t across; /* parts side by side, each a range of panels */
  int32_t down;   /* parts one below the other, each a range of rows */
};

static void run_product(const struct job_of_rows *job, int64_t first, int64_t rows, int32_t begin, int32_t end) {
  const carousel_operation *op = job->operation;
  int64_t in_row = first + (op->in.per_step ? op->step_row : 0);
  int64_t out_row = first + (op->out.per_step ? op->step_row : 0);
  struct stage stage = {
      .cell = &op->cell,
      .products = {{op->in.data + in_row * op->in.stride, op->in.stride, op->weights, NULL, op->depth}},
      .count = 1,
      .rows = rows,
      .out = op->out.data + out_row * op->out.stride,
      .out_stride = op->out.stride,
      .accumulate = op->accumulate,
  };
  job->kernels->product(&stage, begin, end);
}

static rows_kernel *kernel_of(const struct kernels *kernels, int32_t kind) {
  switch (kind) {
    case CAROUSEL_ACTIVATE: return kernels->activate;
    case CAROUSEL_SOFTMAX: return kernels->softmax;
    case CAROUSEL_LOG_SOFTMAX: return kernels->log_softmax;
    case CAROUSEL_NORMALISE: return kernels->normalise;
    case CAROUSEL_SCALE: return kernels->scale;
    case CAROUSEL_ADD:
    case CAROUSEL_AVERAGE:
    case CAROUSEL_MULTIPLY:
    case CAROUSEL_SUBTRACT:
    case CAROUSEL_DIVIDE:
    case CAROUSEL_MAXIMUM:
    case CAROUSEL_MINIMUM: return kernels->combine;
    case CAROUSEL_COPY:
    case CAROUSEL_EMBED: return kernels->copy;
    default: return kernels->update;
  }
}

/* A part is a range of panels for some of the rows, or just rows. */
static void compute(const void *work, int32_t phase, int32_t part) {
  const struct job_of_rows *job = work;
  const carousel_operation *op = job->operation;
  (void)phase;
  int64_t first = op->rows * (part / job->across) / job->down;
  int64_t end = op->rows * (part / job->across + 1) / job->down;
  if (first >= end) {
    return;
  }
  if (op->cell.kind == CAROUSEL_PRODUCT) {
    int32_t panels = panel_count(job->kernels, 1, op->cell.units);
    int64_t column = part % job->across;
    run_product(job, first, end - first, part_begin(panels, column, job->across),
                part_begin(panels, column + 1, job->across));
  } else {
    kernel_of(job->kernels, op->cell.kind)(op, first, end);
  }
}

void carousel_run(carousel_context *context, const carousel_operation *operation) {
  struct job_of_rows work = {context->kernels, operation, 1, 1};
  int64_t each = operation->cell.kind == CAROUSEL_PRODUCT ? operation->depth : ELEMENT_WORK;
  struct job job = {compute, &work, 1, 1, 1};
  job.shares = threads_worth(context, operation->rows * operation->cell.units * each);
  if (job.shares > 1) {
    int32_t panels = panel_count(context->kernels, 1, operation->cell.units);
    int32_t all = job.shares * PARTS;
    job.parts = PARTS;
    if (operation->cell.kind == CAROUSEL_PRODUCT) {
      work.across = panels >= PART_PANELS * all ? all : 1;
    }
    work.down = all / work.across;
  }
  team_run(&context->team, &job, 1);
}
