#include <string.h>

#include "context.h"

int64_t carousel_packed(const carousel_context *context, int32_t gates, int32_t units, int32_t depth) {
  const struct kernels *kernels = context->kernels;
  return panel_count(kernels, gates, units) * panel_units(kernels, gates) * gates * ((int64_t)depth + 1);
}

/* A row of a panel: the weights of its units for one k, or their bias. */
static void pack_row(float *row, int64_t panel_units, int32_t gates, int64_t unit, int64_t units, const float *from,
                     int64_t step) {
  for (int32_t gate = 0; gate < gates; gate++) {
    for (int64_t i = 0; i < panel_units; i++) {
      int64_t from_row = gate * units + unit + i;
      row[gate * panel_units + i] = from && unit + i < units ? from[from_row * step] : 0.0f;
    }
  }
}

void carousel_pack(const carousel_context *context, int32_t gates, int32_t units, int32_t depth, const float *weights,
                   const float *bias, float *packed) {
  const int64_t wide = panel_units(context->kernels, gates);
  for (int64_t unit = 0; unit < units; unit += wide) {
    pack_row(packed, wide, gates, unit, units, bias, 1);
    packed += wide * gates;
    for (int32_t k = 0; k < depth; k++) {
      pack_row(packed, wide, gates, unit, units, weights + k, depth);
      packed += wide * gates;
    }
  }
}
