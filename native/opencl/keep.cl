/*
 * The last kept rows of each sequence into its history, which is read meanwhile where the sequence has fewer: a
 * work-item has some columns of all of them, and what it reads stands behind what it has written.
 */
__kernel void keep(source in, ulong in_at, int in_stride, target history, ulong history_at, int history_stride,
                   int kept, int columns, RUN) {
  RUN_AXES
  for (int position = get_global_id(1); position < batch; position += get_global_size(1)) {
    const int length = length_of(from, position);
    target rows = history + history_at + row_of(to, 0, position) * history_stride;
    for (int column = get_global_id(0) * LANES; column < columns; column += get_global_size(0) * LANES) {
      for (int i = 0; i < kept; i++) {
        const long at = (long)length - kept + i;
        source row = rows;
        if (at < 0) {
          row += (size_t)(kept + at) * columns;
        } else {
          row = in + in_at + row_of(from, at, position) * in_stride;
        }
        store_some(rows + (size_t)i * columns + column, load_some(row + column, columns - column), columns - column);
      }
    }
  }
}
