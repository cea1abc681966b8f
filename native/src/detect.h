/* What the processor has and the system allows. */
#ifndef DETECT_H
#define DETECT_H

#include "carousel.h"

/* What a processor says of itself: two registers of CPUID, and the one of the states that the system saves. */
struct processor {
  unsigned leaf1_c;
  unsigned leaf7_b;
  unsigned state;
};

/* What a processor means for a tier of x86-64. */
enum carousel_support judge(int32_t tier, const struct processor *processor);

/* CAROUSEL_READY, CAROUSEL_CPU_LACKS or CAROUSEL_SYSTEM_DISABLED, for a tier of this architecture. */
enum carousel_support detect(int32_t tier);

#endif
