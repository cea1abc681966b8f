#define _GNU_SOURCE
#include "guard.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

enum { PAGE = 1 << 16 };

static int64_t pages(int64_t floats) {
  return (floats * (int64_t)sizeof(float) + PAGE - 1) / PAGE * PAGE;
}

float random_float(uint64_t *state) {
  *state += 0x9e3779b97f4a7c15u; /* splitmix64 */
  uint64_t z = *state;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return (float)((double)((z ^ (z >> 31)) >> 40) / (1 << 23) - 1.0);
}

float *guarded(int64_t floats, uint64_t seed) {
  int64_t size = pages(floats);
  char *start = mmap(NULL, (size_t)size + PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (start == MAP_FAILED || mprotect(start + size, PAGE, PROT_NONE)) {
    perror("guarded memory");
    exit(2);
  }
  float *memory = (float *)(void *)(start + size) - floats;
  for (int64_t i = 0; i < floats; i++) {
    memory[i] = random_float(&seed);
  }
  return memory;
}

void unguard(float *memory, int64_t floats) {
  char *end = (char *)(memory + floats);
  munmap(end - pages(floats), (size_t)pages(floats) + PAGE);
}

float *guarded_lines(int64_t floats, int64_t *given) {
  *given = (floats + 15) / 16 * 16;
  return guarded(*given, 0);
}
