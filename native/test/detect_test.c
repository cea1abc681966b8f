/* A tier is lacking, or disabled, or ready: told apart on made-up processors, and ready on some tier of this one. */
#include <stdlib.h>

#include "carousel.h"
#include "check.h"
#include "detect.h"
#include "tiers.h"

static int64_t failures;

static void expect(int32_t tier, struct processor processor, enum carousel_support expected, const char *what) {
  enum carousel_support found = judge(tier, &processor);
  CHECK(found == expected, "%s on %s is %d, and should be %d", TIER_NAMES[tier], what, (int)found, (int)expected);
}

int main(void) {
  const unsigned all = ~0u;
  expect(CAROUSEL_SSE2, (struct processor){0, 0, 0}, CAROUSEL_READY, "the oldest processor");
  expect(CAROUSEL_AVX2, (struct processor){0, 0, 0}, CAROUSEL_CPU_LACKS, "the oldest processor");
  expect(CAROUSEL_AVX2, (struct processor){all, all, 0x6}, CAROUSEL_READY, "a system that saves ymm");
  expect(CAROUSEL_AVX2, (struct processor){all, all, 0x2}, CAROUSEL_SYSTEM_DISABLED, "a system that saves xmm only");
  expect(CAROUSEL_AVX2, (struct processor){all & ~(1u << 12), all, 0x6}, CAROUSEL_CPU_LACKS, "a processor without FMA");
  expect(CAROUSEL_AVX512, (struct processor){all, 1u << 5, 0xe6}, CAROUSEL_CPU_LACKS, "a processor with AVX2");
  expect(CAROUSEL_AVX512, (struct processor){all, all, 0x6}, CAROUSEL_SYSTEM_DISABLED, "a system that saves ymm only");
  expect(CAROUSEL_AVX512, (struct processor){all, all, 0xe6}, CAROUSEL_READY, "a system that saves zmm");
  expect(CAROUSEL_AVX512, (struct processor){all, all & ~(1u << 31), 0xe6}, CAROUSEL_CPU_LACKS, "one without VL");
  CHECK(ready(CAROUSEL_SSE2) || ready(CAROUSEL_NEON), "there is no tier for this processor");
  CHECK(!opened(CAROUSEL_TIERS, 1), "a tier that does not exist was opened");
  return failures ? EXIT_FAILURE : EXIT_SUCCESS;
}
