#include "detect.h"

#if defined(__x86_64__)
#include <cpuid.h>

enum {
  LEAF1_FMA = 1 << 12,
  LEAF1_OSXSAVE = 1 << 27,
  LEAF1_AVX = 1 << 28,
  LEAF7_AVX2 = 1 << 5,
  LEAF7_AVX512F = 1 << 16,
  LEAF7_AVX512DQ = 1 << 17,
  LEAF7_AVX512BW = 1 << 30,
  STATE_AVX = 0x6,     /* the system saves the registers xmm and ymm */
  STATE_AVX512 = 0xe6  /* and the masks and zmm too */
};
#define LEAF7_AVX512VL (1u << 31)

struct processor {
  unsigned leaf1_c;
  unsigned leaf7_b;
  unsigned state;
};

static struct processor ask(void) {
  unsigned a;
  unsigned b;
  unsigned c;
  unsigned d;
  struct processor found = {0, 0, 0};
  if (__get_cpuid(1, &a, &b, &c, &d)) {
    found.leaf1_c = c;
  }
  if (__get_cpuid_count(7, 0, &a, &b, &c, &d)) {
    found.leaf7_b = b;
  }
  if (found.leaf1_c & LEAF1_OSXSAVE) {
    __asm__ volatile("xgetbv" : "=a"(a), "=d"(d) : "c"(0));
    found.state = a;
  }
  return found;
}

enum carousel_support detect(int32_t tier) {
  struct processor found = ask();
  const unsigned avx2_1 = LEAF1_FMA | LEAF1_AVX;
  const unsigned avx512 = LEAF7_AVX2 | LEAF7_AVX512F | LEAF7_AVX512DQ | LEAF7_AVX512BW | LEAF7_AVX512VL;
  unsigned need1 = tier == CAROUSEL_SSE2 ? 0 : avx2_1;
  unsigned need7 = tier == CAROUSEL_SSE2 ? 0 : tier == CAROUSEL_AVX2 ? (unsigned)LEAF7_AVX2 : avx512;
  unsigned state = tier == CAROUSEL_SSE2 ? 0 : tier == CAROUSEL_AVX2 ? STATE_AVX : STATE_AVX512;
  if ((found.leaf1_c & need1) != need1 || (found.leaf7_b & need7) != need7) {
    return CAROUSEL_CPU_LACKS;
  }
  return (found.state & state) == state ? CAROUSEL_READY : CAROUSEL_SYSTEM_DISABLED;
}

#else

/* The instructions of the other tiers belong to every processor of their architecture. */
enum carousel_support detect(int32_t tier) {
  (void)tier;
  return CAROUSEL_READY;
}

#endif
