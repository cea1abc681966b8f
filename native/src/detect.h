/* What the processor has and the system allows. */
#ifndef DETECT_H
#define DETECT_H

#include "carousel.h"

/* CAROUSEL_READY, CAROUSEL_CPU_LACKS or CAROUSEL_SYSTEM_DISABLED, for a tier of this architecture. */
enum carousel_support detect(int32_t tier);

#endif
