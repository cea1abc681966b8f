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

int32_t carousel_tier_support(int32_t tier) {
  return (int32_t)(kernels_of(tier) ? detect(tier) : CAROUSEL_NOT_BUILT);
}

carousel_context *carousel_open(int32_t tier, int32_t threads) {
  if (carousel_tier_support(tier) != CAROUSEL_READY || threads < 1) {
    return NULL;
  }
  size_t size = (size_t)divided_up(sizeof(carousel_context), 64) * 64;
  carousel_context *context = aligned_alloc(64, size);
  if (context) {
    memset(context, 0, size);
    context->kernels = kernels_of(tier);
    if (team_open(&context->team, threads)) {
      free(context);
      context = NULL;
    }
  }
  return context;
}

void carousel_close(carousel_context *context) {
  team_close(&context->team);
  free(context);
}
