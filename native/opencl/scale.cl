/* Each column times its scale, plus its shift, where there are such; to accumulate, added to what is there. */
__kernel void scale(source in, ulong in_at, int in_stride, target out, ulong out_at, int out_stride, int scales,
                    source factors, int shifts, source terms, int accumulate, int columns, int rows) {
  for (int row = get_global_id(1); row < rows; row += get_global_size(1)) {
    source from = in + in_at + (size_t)row * in_stride;
    target to = out + out_at + (size_t)row * out_stride;
    for (int column = get_global_id(0) * LANES; column < columns; column += get_global_size(0) * LANES) {
      const int count = columns - column;
      vec value = load_some(from + column, count);
      if (scales) {
        value = value * load_some(factors + column, count);
      }
      if (shifts) {
        value = value + load_some(terms + column, count);
      }
      if (accumulate) {
        value = value + load_some(to + column, count);
      }
      store_some(to + column, value, count);
    }
  }
}
