/* The softmax of each column over the steps of a sequence, the largest element subtracted first. */
__kernel void softmax_steps(source in, ulong in_at, int in_stride, target out, ulong out_at, int out_stride,
                            int columns, RUN) {
  RUN_AXES
  for (int position = get_global_id(1); position < batch; position += get_global_size(1)) {
    const int length = length_of(from, position);
    for (int column = get_global_id(0) * LANES; column < columns; column += get_global_size(0) * LANES) {
      const int count = columns - column;
      source element = in + in_at + column;
      vec largest = splat(-INFINITY);
      for (int step = 0; step < length; step++) {
        largest = larger(largest, load_some(element + row_of(from, step, position) * in_stride, count));
      }
      vec sum = splat(0.0f);
      vec part = splat(0.0f);
      for (int step = 0; step < length; step++) {
        part += exp_of(load_some(element + row_of(from, step, position) * in_stride, count) - largest);
        if (step % PART == PART - 1) {
          sum += part;
          part = splat(0.0f);
        }
      }
      sum += part;
      for (int step = 0; step < length; step++) {
        const vec power = exp_of(load_some(element + row_of(from, step, position) * in_stride, count) - largest);
        store_some(out + out_at + row_of(to, step, position) * out_stride + column, power / sum, count);
      }
    }
  }
}
