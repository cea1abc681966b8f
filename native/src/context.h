#ifndef CONTEXT_H
#define CONTEXT_H

#include "kernels/kernels.h"
#include "pool.h"

struct carousel_context {
  const struct kernels *kernels;
  struct pool pool;
  struct barrier steps[2]; /* of up to two scans at once; they belong to the call that has the workers */
};

static inline int64_t divided_up(int64_t size, int64_t unit) {
  return (size + unit - 1) / unit;
}

/* The units of a panel. */
static inline int64_t panel_units(const struct kernels *kernels, int32_t gates) {
  return (int64_t)panel_groups(gates) * kernels->lanes;
}

static inline int32_t panel_count(const struct kernels *kernels, int32_t gates, int32_t units) {
  return (int32_t)divided_up(units, panel_units(kernels, gates));
}

#endif
