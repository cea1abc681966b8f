#include <string.h>

#include "context.h"

void carousel_size_matrix(const carousel_context *context, carousel_matrix *matrix) {
  const struct kernels *kernels = context->kernels;
  int64_t columns = panel_count(kernels, matrix->gates, matrix->units) * panel_units(kernels, matrix->gates);
  matrix->packed_floats = columns * matrix->gates * ((int64_t)matrix->depth + 1);
}

/* A row of a panel: the weights of its units for one k, or their bias. */
static void pack_row(float *row, int64_t wide, const carousel_matrix *matrix, int64_t unit, const float *from,
                     int64_t step) {
  for (int32_t gate = 0; gate < matrix->gates; gate++) {
    for (int64_t i = 0; i < wide; i++) {
      int64_t from_row = (int64_t)gate * matrix->units + unit + i;
      row[gate * wide + i] = from && unit + i < matrix->units ? from[from_row * step] : 0.0f;
    }
  }
}

void carousel_pack(const carousel_context *context, const carousel_matrix *matrix) {
  const int64_t wide = panel_units(context->kernels, matrix->gates);
  float *packed = matrix->packed;
  for (int64_t unit = 0; unit < matrix->units; unit += wide) {
    pack_row(packed, wide, matrix, unit, matrix->bias, 1);
    packed += wide * matrix->gates;
    for (int32_t k = 0; k < matrix->depth; k++) {
      pack_row(packed, wide, matrix, unit, matrix->weights + k, matrix->depth);
      packed += wide * matrix->gates;
    }
  }
}
