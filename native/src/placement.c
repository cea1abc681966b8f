#define _GNU_SOURCE
#include "placement.h"

#if defined(__linux__)
#include <sched.h>

int32_t processor(void) {
  return sched_getcpu();
}

void keep_off(pthread_t thread, int32_t number) {
  cpu_set_t allowed;
  if (number < 0 || number >= CPU_SETSIZE || sched_getaffinity(0, sizeof allowed, &allowed)) {
    return;
  }
  CPU_CLR((size_t)number, &allowed);
  if (CPU_COUNT(&allowed) > 0) {
    pthread_setaffinity_np(thread, sizeof allowed, &allowed);
  }
}

#else

int32_t processor(void) {
  return -1;
}

void keep_off(pthread_t thread, int32_t number) {
  (void)thread;
  (void)number;
}

#endif
