/*
 * A row becomes a row of the same width, element by element, or two rows one. MAPPING says how; rows and columns are
 * shared. A single element of the other row counts for all of its row.
 */
__kernel void mapping(source in, ulong in_at, int in_stride, source other, ulong other_at, int other_stride, int single,
                      target out, ulong out_at, int out_stride, source settings, int columns, int rows) {
#if MAPPING == ACTIVATE
  activation by;
  read_activation(settings, &by);
#endif
  for (int row = get_global_id(1); row < rows; row += get_global_size(1)) {
    source from = in + in_at + (size_t)row * in_stride;
    for (int column = get_global_id(0) * LANES; column < columns; column += get_global_size(0) * LANES) {
      const int count = columns - column;
      vec value = load_some(from + column, count);
#if MAPPING == ACTIVATE
      value = activate(by, value);
#else
      source beside = other + other_at + (size_t)row * other_stride;
      const vec second = single ? splat(*beside) : load_some(beside + column, count);
#if MAPPING == SUM
      value = value + second;
#elif MAPPING == AVERAGE
      value = (value + second) * 0.5f;
#elif MAPPING == MULTIPLY
      value = value * second;
#elif MAPPING == SUBTRACT
      value = value - second;
#elif MAPPING == DIVIDE
      value = value / second;
#elif MAPPING == MAXIMUM
      value = larger(value, second);
#else
      value = -larger(-value, -second);
#endif
#endif
      store_some(out + out_at + (size_t)row * out_stride + column, value, count);
    }
  }
}
