/* The sum of a sequence's rows, each times its step's weight: for each column of weights one, side by side. */
__kernel void weighted_sum(source in, ulong in_at, int in_stride, target out, ulong out_at, int out_stride,
                           source weights, ulong weights_at, int weights_stride, int heads, int columns, RUN) {
  RUN_AXES
  for (int result = get_global_id(1); result < batch * heads; result += get_global_size(1)) {
    const int position = result / heads;
    const int head = result % heads;
    const int length = length_of(from, position);
    target row = out + out_at + row_of(to, 0, position) * out_stride + (size_t)head * columns;
    for (int column = get_global_id(0) * LANES; column < columns; column += get_global_size(0) * LANES) {
      vec sum = splat(0.0f);
      vec part = splat(0.0f);
      for (int step = 0; step < length; step++) {
        const size_t at = row_of(from, step, position);
        part = multiply_add(splat(weights[weights_at + at * weights_stride + head]),
                            load_some(in + in_at + at * in_stride + column, columns - column), part);
        if (step % PART == PART - 1) {
          sum += part;
          part = splat(0.0f);
        }
      }
      store_some(row + column, sum + part, columns - column);
    }
  }
}
