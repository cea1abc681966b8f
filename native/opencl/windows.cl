/*
 * The rows of each window over the steps of a sequence side by side, 0 for those beyond it; with the build option LAST
 * the window is its last step. So many kept rows before its first step are the history's.
 */
__kernel void windows(source in, ulong in_at, int in_stride, target out, ulong out_at, int out_stride, source history,
                      ulong history_at, int history_stride, int kept, int columns, WINDOW, RUN) {
  RUN_AXES
  for (int result = get_global_id(1); result < out_steps * batch; result += get_global_size(1)) {
    const int position = result % batch;
    const int step = result / batch;
    const int results = length_of(to, position);
    const int length = length_of(from, position);
    if (step < results) {
#ifdef LAST
      const long begin = length - 1;
#else
      const long begin = begin_of(width, stride, dilation, before, same, step, results, length);
#endif
      target row = out + out_at + row_of(to, step, position) * out_stride;
      for (int tap = 0; tap < width; tap++) {
        const long at = begin + (long)tap * dilation;
        const int there = at < 0 ? at + kept >= 0 : at < length;
        source taken = in;
        if (there && at < 0) {
          taken = history + history_at + (size_t)position * history_stride + (size_t)(kept + at) * columns;
        } else if (there) {
          taken = in + in_at + row_of(from, at, position) * in_stride;
        }
        for (int column = get_global_id(0) * LANES; column < columns; column += get_global_size(0) * LANES) {
          const vec value = there ? load_some(taken + column, columns - column) : splat(0.0f);
          store_some(row + (size_t)tap * columns + column, value, columns - column);
        }
      }
    }
  }
}
