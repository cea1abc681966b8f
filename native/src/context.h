#ifndef CONTEXT_H
#define CONTEXT_H

#include "kernels/kernels.h"
#include "team.h"

struct carousel_context {
  const struct kernels *kernels;
  struct team team;
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

enum {
  THREAD_WORK = 400 * 1000, /* multiply-adds for which one more thread pays */
  ELEMENT_WORK = 16         /* what an element counts for where there is no product */
};

/* The threads that pay for so many multiply-adds. */
static inline int32_t threads_worth(const carousel_context *context, int64_t work) {
  int64_t worth = work / THREAD_WORK + 1;
  return worth < context->team.threads ? (int32_t)worth : context->team.threads;
}

/* A share is cut into parts, so that others can take some of them over; a part has two panels, for the sake of one row.
 */
enum { PARTS = 4, PART_PANELS = 2 };

static inline int32_t parts_of(int32_t panels, int32_t shares) {
  int64_t parts = panels / ((int64_t)PART_PANELS * shares);
  return (int32_t)(parts < 1 ? 1 : parts > PARTS ? PARTS : parts);
}

/* Where a part of all parts begins. */
static inline int32_t part_begin(int32_t panels, int64_t part, int64_t parts) {
  int64_t begin = divided_up(panels, PART_PANELS) * part / parts * PART_PANELS;
  return (int32_t)(begin < panels ? begin : panels);
}

#endif
