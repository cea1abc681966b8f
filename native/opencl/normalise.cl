/*
 * Each row less its mean, over the root of its variance and epsilon, then times a scale, plus a shift, where there are
 * such: a work-item for a row, one element after the other. What the first mean is off by is found with the variance.
 */
__kernel void normalise(source in, ulong in_at, int in_stride, target out, ulong out_at, int out_stride, int scales,
                        source factors, int shifts, source terms, float epsilon, int columns, int rows) {
  for (int row = get_global_id(0); row < rows; row += get_global_size(0)) {
    source from = in + in_at + (size_t)row * in_stride;
    target to = out + out_at + (size_t)row * out_stride;
    float sum = 0.0f;
    for (int column = 0; column < columns; column++) {
      sum += from[column];
    }
    const float near = sum / columns;
    float rest = 0.0f;
    float squares = 0.0f;
    for (int column = 0; column < columns; column++) {
      const float apart = from[column] - near;
      rest += apart;
      squares = multiply_add(apart, apart, squares);
    }
    rest = rest / columns;
    const float root = sqrt(multiply_add(-rest, rest, squares / columns) + epsilon);
    for (int column = 0; column < columns; column++) {
      float value = (from[column] - near - rest) / root;
      value = scales ? value * factors[column] : value;
      to[column] = shifts ? value + terms[column] : value;
    }
  }
}
