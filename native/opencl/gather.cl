/*
 * Rows copied from where GATHER says: the same row (COPY), the row of a table that an index names (EMBED), or the
 * caller's order of sequences into the run's (ARRANGE) and back (RESTORE).
 */
__kernel void gather(source in, ulong in_at, int in_stride, target out, ulong out_at, int out_stride,
                     __global const int *index, ulong index_at, int index_stride, int columns, int rows) {
  for (int row = get_global_id(1); row < rows; row += get_global_size(1)) {
    size_t from_row = row;
    size_t to_row = row;
#if GATHER == EMBED || GATHER == ARRANGE
    from_row = index[index_at + (size_t)row * index_stride];
#elif GATHER == RESTORE
    to_row = index[index_at + (size_t)row * index_stride];
#endif
    source from = in + in_at + from_row * in_stride;
    target to = out + out_at + to_row * out_stride;
    for (int column = get_global_id(0) * LANES; column < columns; column += get_global_size(0) * LANES) {
      store_some(to + column, load_some(from + column, columns - column), columns - column);
    }
  }
}
