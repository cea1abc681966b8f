/* The tiers of this machine, and contexts of theirs. */
#ifndef TIERS_H
#define TIERS_H

#include "carousel.h"

static const char *const TIER_NAMES[] = {"sse2", "avx2", "avx512", "neon"};

static inline int ready(int32_t tier) {
  int32_t support[CAROUSEL_TIERS];
  carousel_tiers(support);
  return support[tier] == CAROUSEL_READY;
}

static inline carousel_context *opened(int32_t tier, int32_t threads) {
  carousel_opening opening = {tier, threads, 0};
  carousel_open(&opening);
  return opening.context;
}

#endif
