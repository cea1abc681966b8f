/*
 * What the machine can do at most: multiply-adds on registers, and reads from memory, by so many threads at once.
 * The arguments are numbers of threads; each gets a line "THREADS: RATE GFLOP/s, RATE GB/s".
 */
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "carousel.h"
#include "peak.h"
#include "tiers.h"

enum { REPEATS = 10, BURSTS = 10, MOST_THREADS = 1024 };

static const size_t LEAST_BYTES = (size_t)256 << 20;

struct worker {
  pthread_t thread;
  pthread_barrier_t *together;
  size_t words;               /* of this thread's part of the memory */
  double operations[REPEATS]; /* a second */
  double bytes[REPEATS];      /* a second */
  uint64_t sum;               /* so that the reads are done */
  int failed;
};

static int32_t best_tier(void) {
  int32_t best = -1;
  for (int32_t tier = 0; tier < CAROUSEL_TIERS; tier++) {
    best = ready(tier) ? tier : best;
  }
  return best;
}

/* The memory in all: too much for the last cache. */
static size_t memory(void) {
  long cache = sysconf(_SC_LEVEL3_CACHE_SIZE);
  size_t bytes = cache > 0 ? 4 * (size_t)cache : 0;
  return bytes > LEAST_BYTES ? bytes : LEAST_BYTES;
}

static uint64_t read_all(const uint64_t *data, size_t words) {
  uint64_t sum = 0;
  for (size_t i = 0; i < words; i++) {
    sum ^= data[i];
  }
  return sum;
}

/* Each thread's rate is taken over its own time; that of all is the sum. */
static void *work(void *argument) {
  struct worker *worker = argument;
  int32_t tier = best_tier();
  uint64_t *data = malloc(worker->words * sizeof(uint64_t));
  worker->failed = data == NULL;
  for (size_t i = 0; data != NULL && i < worker->words; i++) {
    data[i] = i; /* touched by the thread that reads it */
  }
  for (int repeat = 0; repeat < REPEATS; repeat++) {
    pthread_barrier_wait(worker->together);
    double start = seconds();
    double operations = 0;
    for (int burst = 0; burst < BURSTS; burst++) {
      operations += multiply_adds(tier);
    }
    worker->operations[repeat] = operations / (seconds() - start);
    pthread_barrier_wait(worker->together);
    start = seconds();
    if (data != NULL) {
      worker->sum ^= read_all(data, worker->words);
    }
    worker->bytes[repeat] = (double)(worker->words * sizeof(uint64_t)) / (seconds() - start);
  }
  free(data);
  return NULL;
}

static int measure(int threads) {
  struct worker *workers = calloc((size_t)threads, sizeof(struct worker));
  pthread_barrier_t together;
  if (workers == NULL || pthread_barrier_init(&together, NULL, (unsigned)threads) != 0) {
    free(workers);
    return 0;
  }
  int started = 0;
  for (; started < threads; started++) {
    workers[started].together = &together;
    workers[started].words = memory() / sizeof(uint64_t) / (size_t)threads;
    if (pthread_create(&workers[started].thread, NULL, work, &workers[started]) != 0) {
      return 0; /* those that wait for it end with the program */
    }
  }
  int failed = 0;
  for (int i = 0; i < threads; i++) {
    pthread_join(workers[i].thread, NULL);
    failed |= workers[i].failed;
  }
  double operations = 0;
  double bytes = 0;
  for (int repeat = 0; repeat < REPEATS; repeat++) {
    double all_operations = 0;
    double all_bytes = 0;
    for (int i = 0; i < threads; i++) {
      all_operations += workers[i].operations[repeat];
      all_bytes += workers[i].bytes[repeat];
    }
    operations = fmax(operations, all_operations);
    bytes = fmax(bytes, all_bytes);
  }
  printf("%d: %.1f GFLOP/s, %.1f GB/s\n", threads, operations / 1e9, bytes / 1e9);
  pthread_barrier_destroy(&together);
  free(workers);
  return !failed;
}

int main(int count, char **arguments) {
  for (int i = 1; i < count; i++) {
    int threads = atoi(arguments[i]);
    if (threads < 1 || threads > MOST_THREADS) {
      fprintf(stderr, "A number of threads is from 1 to %d, and '%s' is not.\n", MOST_THREADS, arguments[i]);
      return EXIT_FAILURE;
    }
    if (!measure(threads)) {
      fprintf(stderr, "There is not enough memory, or there are not enough threads, to measure with %d.\n", threads);
      return EXIT_FAILURE;
    }
  }
  return EXIT_SUCCESS;
}
