/* Worker threads that run one task together with the caller. Waiting spins for a moment, then sleeps. */
#ifndef POOL_H
#define POOL_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>

/* A number that threads wait for to change. */
struct signal {
  _Alignas(64) _Atomic uint32_t value;
  _Atomic uint32_t sleepers;
  pthread_mutex_t mutex;
  pthread_cond_t changed;
};

/* Where a number of threads wait for each other; arriving and waiting are two calls, with work between them. */
struct barrier {
  _Alignas(64) _Atomic int32_t arrived;
  struct signal phase;
};

/* The part of thread index of count. */
typedef void task(void *argument, int32_t index, int32_t count);

struct worker {
  struct pool *pool;
  int32_t index;
  pthread_t thread;
};

struct pool {
  int32_t threads; /* with the caller */
  struct worker *workers;
  _Atomic int32_t busy;
  struct signal start;
  struct barrier end;
  task *run;
  void *argument;
  int32_t taking; /* the threads of the present task, the caller included */
  int32_t closing;
};

/* What opens returns 0, or an error number. */
int barrier_open(struct barrier *barrier);
void barrier_close(struct barrier *barrier);
/* The ticket to wait with; all threads name the same number of threads. */
uint32_t barrier_arrive(struct barrier *barrier, int32_t threads);
void barrier_wait(struct barrier *barrier, uint32_t ticket, int32_t threads);

int pool_open(struct pool *pool, int32_t threads);
void pool_close(struct pool *pool);

/* Runs a task on up to so many threads; the caller is index 0, and is alone where another call has the workers. */
void pool_run(struct pool *pool, int32_t threads, task *run, void *argument);

#endif
