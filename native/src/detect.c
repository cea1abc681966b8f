#include "detect.h"

#if defined(__x86_64__)
#include <cpuid.h>
#endif

#define BIT(n) (1u << (n))

enum { STATE_AVX = 0x6, STATE_AVX512 = 0xe6 }; /* of xmm and ymm; of the masks and zmm too */

enum carousel_support judge(int32_t tier, const struct processor *processor) {
  const unsigned fma_avx = BIT(12) | BIT(28);
  const unsigned avx2 = BIT(5);
  const unsigned avx512_f_dq_bw_vl = BIT(16) | BIT(17) | BIT(30) | BIT(31);
  unsigned leaf1 = tier == CAROUSEL_SSE2 ? 0 : fma_avx;
  unsigned leaf7 = tier == CAROUSEL_SSE2 ? 0 : tier == CAROUSEL_AVX2 ? avx2 : avx2 | avx512_f_dq_bw_vl;
  unsigned state = tier == CAROUSEL_SSE2 ? 0 : tier == CAROUSEL_AVX2 ? STATE_AVX : STATE_AVX512;
  if ((processor->leaf1_c & leaf1) != leaf1 || (processor->leaf7_b & leaf7) != leaf7) {
    return CAROUSEL_CPU_LACKS;
  }
  return (processor->state & state) == state ? CAROUSEL_READY : CAROUSEL_SYSTEM_DISABLED;
}

#if defined(__x86_64__)

enum carousel_support detect(int32_t tier) {
  const unsigned osxsave = BIT(27); /* the system has enabled XGETBV, without which it saves none of these */
  struct processor found = {0, 0, 0};
  unsigned a;
  unsigned b;
  unsigned c;
  unsigned d;
  if (__get_cpuid(1, &a, &b, &c, &d)) {
    found.leaf1_c = c;
  }
  if (__get_cpuid_count(7, 0, &a, &b, &c, &d)) {
    found.leaf7_b = b;
  }
  if (found.leaf1_c & osxsave) {
    __asm__ volatile("xgetbv" : "=a"(a), "=d"(d) : "c"(0));
    found.state = a;
  }
  return judge(tier, &found);
}

#else

/* The instructions of the other tiers belong to every processor of their architecture. */
enum carousel_support detect(int32_t tier) {
  (void)tier;
  return CAROUSEL_READY;
}

#endif
