/*
 * out = in * weights + bias, or += . A work-group makes ITEM_ROWS * SIDE rows of 4 * SIDE results, a work-item every
 * SIDE-th of both; tiles of both operands pass through local memory. The weights stand as [1 + depth][results], the
 * bias first. Sums are added one k after the other, so a row's bits do not depend on the rows beside it.
 */
#define SIDE 16
#define ITEM_RESULTS 4

__kernel __attribute__((reqd_work_group_size(SIDE, SIDE, 1))) void gate_gemm(source in, ulong in_at, int in_stride,
                                                                             int depth, source weights, target out,
                                                                             ulong out_at, int out_stride, int results,
                                                                             int accumulate, int rows) {
  __local float in_tile[SIDE][ITEM_ROWS * SIDE + 1];
  __local float weight_tile[SIDE][ITEM_RESULTS * SIDE];
  const int x = get_local_id(0);
  const int y = get_local_id(1);
  const int first_result = get_group_id(0) * ITEM_RESULTS * SIDE + x;
  const int first_row = get_group_id(1) * ITEM_ROWS * SIDE + y;
  float sums[ITEM_ROWS][ITEM_RESULTS];
  for (int i = 0; i < ITEM_ROWS; i++) {
    for (int j = 0; j < ITEM_RESULTS; j++) {
      const int row = first_row + i * SIDE;
      const int result = first_result + j * SIDE;
      sums[i][j] = result < results ? weights[result] : 0.0f;
      if (accumulate && row < rows && result < results) {
        sums[i][j] += out[out_at + (size_t)row * out_stride + result];
      }
    }
  }
  for (int from = 0; from < depth; from += SIDE) {
    for (int i = 0; i < ITEM_ROWS; i++) {
      const int row = first_row + i * SIDE;
      const int there = row < rows && from + x < depth;
      in_tile[x][y + i * SIDE] = there ? in[in_at + (size_t)row * in_stride + from + x] : 0.0f;
    }
    for (int j = 0; j < ITEM_RESULTS; j++) {
      const int result = first_result + j * SIDE;
      const int there = result < results && from + y < depth;
      weight_tile[y][x + j * SIDE] = there ? weights[(size_t)(1 + from + y) * results + result] : 0.0f;
    }
    barrier(CLK_LOCAL_MEM_FENCE);
    const int span = min(SIDE, depth - from);
    for (int k = 0; k < span; k++) {
      for (int i = 0; i < ITEM_ROWS; i++) {
        const float value = in_tile[k][y + i * SIDE];
        for (int j = 0; j < ITEM_RESULTS; j++) {
          sums[i][j] = multiply_add(value, weight_tile[k][x + j * SIDE], sums[i][j]);
        }
      }
    }
    barrier(CLK_LOCAL_MEM_FENCE);
  }
  for (int i = 0; i < ITEM_ROWS; i++) {
    for (int j = 0; j < ITEM_RESULTS; j++) {
      const int row = first_row + i * SIDE;
      const int result = first_result + j * SIDE;
      if (row < rows && result < results) {
        out[out_at + (size_t)row * out_stride + result] = sums[i][j];
      }
    }
  }
}
