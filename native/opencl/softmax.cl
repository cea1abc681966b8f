/*
 * The softmax of each row, its largest element subtracted first, or with the build option LOGARITHM the logarithm of
 * that: a work-item for a row, one element after the other.
 */
__kernel void softmax(source in, ulong in_at, int in_stride, target out, ulong out_at, int out_stride, int columns,
                      int rows) {
  for (int row = get_global_id(0); row < rows; row += get_global_size(0)) {
    source from = in + in_at + (size_t)row * in_stride;
    target to = out + out_at + (size_t)row * out_stride;
    float largest = from[0];
    for (int column = 1; column < columns; column++) {
      largest = from[column] > largest || isnan(from[column]) ? from[column] : largest;
    }
    float sum = 0.0f;
    float part = 0.0f;
    for (int column = 0; column < columns; column++) {
      part += exp(from[column] - largest);
      if (column % PART == PART - 1) {
        sum += part;
        part = 0.0f;
      }
    }
    sum += part;
    for (int column = 0; column < columns; column++) {
#ifdef LOGARITHM
      to[column] = from[column] - largest - log(sum);
#else
      to[column] = exp(from[column] - largest) / sum;
#endif
    }
  }
}
