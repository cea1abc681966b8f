#include "pool.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>

/*
 * Long enough for a step of a small network and for the gap between two calls in a loop; short enough to hand the
 * processor over when the thread that is waited for has been preempted: it may be waiting for this very processor.
 */
enum { SPINS = 4000, STACK = 1 << 20 };

static inline void pause_briefly(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

static int signal_open(struct signal *signal) {
  atomic_init(&signal->value, 0);
  atomic_init(&signal->sleepers, 0);
  int error = pthread_mutex_init(&signal->mutex, NULL);
  if (!error) {
    error = pthread_cond_init(&signal->changed, NULL);
    if (error) {
      pthread_mutex_destroy(&signal->mutex);
    }
  }
  return error;
}

static void signal_close(struct signal *signal) {
  pthread_cond_destroy(&signal->changed);
  pthread_mutex_destroy(&signal->mutex);
}

/* A sleeper counts itself before its last look at the value, and this looks for sleepers after it has set it. */
static void signal_raise(struct signal *signal) {
  atomic_fetch_add(&signal->value, 1);
  if (atomic_load(&signal->sleepers)) {
    pthread_mutex_lock(&signal->mutex);
    pthread_cond_broadcast(&signal->changed);
    pthread_mutex_unlock(&signal->mutex);
  }
}

static void signal_await(struct signal *signal, uint32_t old) {
  for (int spin = 0; spin < SPINS; spin++) {
    if (atomic_load_explicit(&signal->value, memory_order_acquire) != old) {
      return;
    }
    pause_briefly();
  }
  atomic_fetch_add(&signal->sleepers, 1);
  pthread_mutex_lock(&signal->mutex);
  while (atomic_load(&signal->value) == old) {
    pthread_cond_wait(&signal->changed, &signal->mutex);
  }
  pthread_mutex_unlock(&signal->mutex);
  atomic_fetch_sub(&signal->sleepers, 1);
}

int barrier_open(struct barrier *barrier) {
  atomic_init(&barrier->arrived, 0);
  return signal_open(&barrier->phase);
}

void barrier_close(struct barrier *barrier) {
  signal_close(&barrier->phase);
}

uint32_t barrier_arrive(struct barrier *barrier, int32_t threads) {
  uint32_t ticket = atomic_load_explicit(&barrier->phase.value, memory_order_relaxed);
  if (threads > 1 && atomic_fetch_add(&barrier->arrived, 1) == threads - 1) {
    atomic_store(&barrier->arrived, 0);
    signal_raise(&barrier->phase);
  }
  return ticket;
}

void barrier_wait(struct barrier *barrier, uint32_t ticket, int32_t threads) {
  if (threads > 1) {
    signal_await(&barrier->phase, ticket);
  }
}

static void *work(void *argument) {
  struct worker *worker = argument;
  struct pool *pool = worker->pool;
  for (uint32_t seen = 0;; seen++) {
    signal_await(&pool->start, seen);
    if (pool->closing) {
      return NULL;
    }
    if (worker->index < pool->taking) {
      pool->run(pool->argument, worker->index, pool->taking);
    }
    barrier_arrive(&pool->end, pool->threads);
  }
}

static void stop(struct pool *pool, int32_t started) {
  pool->closing = 1;
  signal_raise(&pool->start);
  for (int32_t i = 0; i < started; i++) {
    pthread_join(pool->workers[i].thread, NULL);
  }
  free(pool->workers);
  barrier_close(&pool->end);
  signal_close(&pool->start);
}

/* Signals are the JVM's business, so workers block them all. */
static int start(struct worker *worker, const pthread_attr_t *attributes) {
  sigset_t everything;
  sigset_t before;
  sigfillset(&everything);
  pthread_sigmask(SIG_BLOCK, &everything, &before);
  int error = pthread_create(&worker->thread, attributes, work, worker);
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  return error;
}

int pool_open(struct pool *pool, int32_t threads) {
  pool->threads = threads;
  pool->closing = 0;
  atomic_init(&pool->busy, 0);
  int error = signal_open(&pool->start);
  if (error) {
    return error;
  }
  error = barrier_open(&pool->end);
  if (error) {
    signal_close(&pool->start);
    return error;
  }
  pthread_attr_t attributes;
  pool->workers = calloc((size_t)threads, sizeof *pool->workers);
  error = pool->workers ? pthread_attr_init(&attributes) : ENOMEM;
  if (error) {
    stop(pool, 0);
    return error;
  }
  pthread_attr_setstacksize(&attributes, STACK);
  int32_t started = 0;
  while (started < threads - 1 && !error) {
    pool->workers[started] = (struct worker){.pool = pool, .index = started + 1};
    error = start(&pool->workers[started], &attributes);
    started += !error;
  }
  pthread_attr_destroy(&attributes);
  if (error) {
    stop(pool, started);
  }
  return error;
}

void pool_close(struct pool *pool) {
  stop(pool, pool->threads - 1);
}

void pool_run(struct pool *pool, int32_t threads, task *run, void *argument) {
  int32_t idle = 0;
  if (threads < 2 || pool->threads < 2 || !atomic_compare_exchange_strong(&pool->busy, &idle, 1)) {
    run(argument, 0, 1);
    return;
  }
  pool->run = run;
  pool->argument = argument;
  pool->taking = threads < pool->threads ? threads : pool->threads;
  signal_raise(&pool->start);
  run(argument, 0, pool->taking);
  barrier_wait(&pool->end, barrier_arrive(&pool->end, pool->threads), pool->threads);
  atomic_store(&pool->busy, 0);
}
