/* What benchmarks measure a processor by. */
#ifndef PEAK_H
#define PEAK_H

#include <stdint.h>

/* The time of a clock that never goes back, in seconds. */
double seconds(void);

/*
 * Does multiply-adds of a tier on registers alone, in enough independent sums to hide their latency; about 2 ms of
 * them. Returns how many floating-point operations they were.
 */
double multiply_adds(int32_t tier);

#endif
