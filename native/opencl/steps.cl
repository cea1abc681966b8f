/*
 * The steps of an axis: how many each sequence has, and at which row each begins. Of a ragged run tables say so; of
 * another one, as of what has a row a sequence, which counts as one step, all have all, and a step has batch rows.
 */
typedef struct {
  __global const int *first;  /* row of each step */
  __global const int *length; /* of the sequence at each position */
  int ragged;
  int steps;
  int batch;
} axis;

int length_of(axis along, int position) {
  return along.ragged ? along.length[position] : along.steps;
}

size_t row_of(axis along, long step, int position) {
  return (along.ragged ? (size_t)along.first[step] : (size_t)step * along.batch) + position;
}

/* What an operation across steps is told of a run, at the end of its arguments. */
#define RUN                                                                                                            \
  __global const int *run, int in_first, int in_length, int out_first, int out_length, int in_ragged, int in_steps,    \
      int out_ragged, int out_steps, int batch
#define RUN_AXES                                                                                                       \
  const axis from = {run + in_first, run + in_length, in_ragged, in_steps, batch};                                     \
  const axis to = {run + out_first, run + out_length, out_ragged, out_steps, batch};

/* Windows over steps; same means that as many steps lie before the first as behind the last, or one less. */
#define WINDOW int width, int stride, int dilation, int before, int same

/* The step at which the window of a result begins: below 0 where it lies before the first one. */
long begin_of(WINDOW, int result, int results, int steps) {
  long ahead = before;
  if (same) {
    const long missing = (long)(results - 1) * stride + (long)(width - 1) * dilation + 1 - steps;
    ahead = missing > 0 ? missing / 2 : 0;
  }
  return (long)result * stride - ahead;
}
