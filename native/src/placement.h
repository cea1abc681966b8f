/* Which processor a thread is on, and which it is kept off. */
#ifndef PLACEMENT_H
#define PLACEMENT_H

#include <pthread.h>
#include <stdint.h>

/* The present thread's processor, or -1 where the system does not say. */
int32_t processor(void);

/* Lets a thread run wherever the present one may, but for one processor, as long as others are left. */
void keep_off(pthread_t thread, int32_t number);

#endif
