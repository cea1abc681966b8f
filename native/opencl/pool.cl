/*
 * The rows of each window over the steps of a sequence as one, column by column: their SUM, their MEAN or their MAX, as
 * POOL says. Steps beyond the sequence do not count; padded means that a mean is that of the window's width still.
 */
__kernel void pool(source in, ulong in_at, int in_stride, target out, ulong out_at, int out_stride, int padded,
                   int columns, WINDOW, RUN) {
  RUN_AXES
  for (int result = get_global_id(1); result < out_steps * batch; result += get_global_size(1)) {
    const int position = result % batch;
    const int step = result / batch;
    const int results = length_of(to, position);
    const int length = length_of(from, position);
    if (step < results) {
      const long begin = begin_of(width, stride, dilation, before, same, step, results, length);
      target row = out + out_at + row_of(to, step, position) * out_stride;
      for (int column = get_global_id(0) * LANES; column < columns; column += get_global_size(0) * LANES) {
        vec value = splat(POOL == MAX ? -INFINITY : 0.0f);
        vec part = splat(0.0f);
        int count = 0;
        for (int tap = 0; tap < width && begin + (long)tap * dilation < length; tap++) {
          const long at = begin + (long)tap * dilation;
          if (at >= 0) {
            const vec other = load_some(in + in_at + row_of(from, at, position) * in_stride + column, columns - column);
            count++;
            if (POOL == MAX) {
              value = larger(value, other);
            } else {
              part += other;
            }
            if (count % PART == 0) {
              value += part;
              part = splat(0.0f);
            }
          }
        }
        value += part;
        if (POOL == MEAN) {
          value = value / (float)(padded ? width : count);
        }
        store_some(row + column, value, columns - column);
      }
    }
  }
}
