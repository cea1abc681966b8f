#ifndef ACROSS_CASES_H
#define ACROSS_CASES_H

#include "carousel.h"

/*
 * Every operation across steps of a tier against its definition, on memory that ends at a guarded page, for sequences
 * of one length and of mixed ones; and the same bits on threads. Gives the number of failures.
 */
int64_t across_cases(const char *tier, carousel_context *context, carousel_context *threads, int32_t columns,
                     int32_t batch);

#endif
