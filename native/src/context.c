#include "context.h"

#include <stdlib.h>
#include <string.h>

#include "detect.h"

static const struct kernels *kernels_of(int32_t tier) {
  switch (tier) {
#if defined(__x86_64__)
    case CAROUSEL_SSE2: return &kernels__sse2;
    case CAROUSEL_AVX2: return &kernels__avx2;
    case CAROUSEL_AVX512: return &kernels__avx512;
#elif defined(__aarch64__)
    case CAROUSEL_NEON: return &kernels__neon;
#endif
    default: return NULL;
  }
}

static enum carousel_support support_of(int32_t tier) {
  return kernels_of(tier) ? detect(tier) : CAROUSEL_NOT_BUILT;
}

void carousel_tiers(int32_t *support) {
  for (int32_t tier = 0; tier < CAROUSEL_TIERS; tier++) {
    support[tier] = (int32_t)support_of(tier);
  }
}

void carousel_open(carousel_opening *opening) {
  opening->context = NULL;
  if (support_of(opening->tier) != CAROUSEL_READY || opening->threads < 1) {
    return;
  }
  size_t size = (size_t)divided_up(sizeof(carousel_context), 64) * 64;
  carousel_context *context = aligned_alloc(64, size);
  if (context) {
    memset(context, 0, size);
    context->kernels = kernels_of(opening->tier);
    if (team_open(&context->team, opening->threads)) {
      free(context);
      context = NULL;
    }
  }
  opening->context = context;
}

void carousel_close(carousel_context *context) {
  team_close(&context->team);
  free(context);
}
