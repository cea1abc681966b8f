#include "team.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "placement.h"

/*
 * A worker spins long enough to be there for the next step, and for the next call in a loop; then it sleeps. A thread
 * that waits for another's part helps after a shorter while: to take a part over costs its weights' place in a cache.
 */
enum { SPINS = 4000, PATIENCE = 100, STACK = 1 << 20, CLOSED = -(1 << 30) };

static inline void pause_briefly(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

static int counter_open(struct counter *counter) {
  atomic_init(&counter->value, 0);
  atomic_init(&counter->sleepers, 0);
  int error = pthread_mutex_init(&counter->mutex, NULL);
  if (!error) {
    error = pthread_cond_init(&counter->grown, NULL);
    if (error) {
      pthread_mutex_destroy(&counter->mutex);
    }
  }
  return error;
}

static void counter_close(struct counter *counter) {
  pthread_cond_destroy(&counter->grown);
  pthread_mutex_destroy(&counter->mutex);
}

/* A sleeper counts itself before its last look at the value, and this looks for sleepers after it has set it. */
static int64_t counter_add(struct counter *counter, int64_t more) {
  int64_t value = atomic_fetch_add(&counter->value, more) + more;
  if (atomic_load(&counter->sleepers)) {
    pthread_mutex_lock(&counter->mutex);
    pthread_cond_broadcast(&counter->grown);
    pthread_mutex_unlock(&counter->mutex);
  }
  return value;
}

static int reached(struct counter *counter, int64_t value) {
  return atomic_load_explicit(&counter->value, memory_order_acquire) >= value;
}

static int spin_for(struct counter *counter, int64_t value, int spins) {
  for (int spin = 0; spin < spins; spin++) {
    if (reached(counter, value)) {
      return 1;
    }
    pause_briefly();
  }
  return 0;
}

static void counter_await(struct counter *counter, int64_t value) {
  if (spin_for(counter, value, SPINS)) {
    return;
  }
  atomic_fetch_add(&counter->sleepers, 1);
  pthread_mutex_lock(&counter->mutex);
  while (atomic_load(&counter->value) < value) {
    pthread_cond_wait(&counter->grown, &counter->mutex);
  }
  pthread_mutex_unlock(&counter->mutex);
  atomic_fetch_sub(&counter->sleepers, 1);
}

/* Computes what nobody has claimed of a share's parts in a phase; the number of parts. A part is claimed only once. */
static int64_t take(struct track *track, int32_t share, int32_t phase) {
  const struct job *job = &track->job;
  const int64_t first = (int64_t)phase * job->parts;
  _Atomic int64_t *claimed = &track->shares[share].claimed;
  int64_t taken = 0;
  int64_t next = atomic_load_explicit(claimed, memory_order_relaxed);
  while (next >= first && next < first + job->parts) {
    if (atomic_compare_exchange_weak_explicit(claimed, &next, next + 1, memory_order_acq_rel, memory_order_relaxed)) {
      job->compute(job->work, phase, share * job->parts + (int32_t)(next - first));
      taken++;
      next++;
    }
  }
  return taken;
}

/* The parts of others; of those that are present only after they had their time. */
static int64_t help(struct track *track, int32_t own, int32_t phase, int present) {
  int64_t taken = 0;
  for (int32_t i = 1; i <= track->job.shares; i++) {
    int32_t share = (own + i) % track->job.shares;
    if (atomic_load_explicit(&track->shares[share].present, memory_order_relaxed) == present) {
      taken += take(track, share, phase);
    }
  }
  return taken;
}

/* Works until a job is done; own is below 0 for a thread that has no share of it. */
static void work_at(struct track *track, int32_t own) {
  const struct job *job = &track->job;
  const int64_t parts = (int64_t)job->shares * job->parts;
  if (own >= 0) {
    atomic_store_explicit(&track->shares[own].present, 1, memory_order_relaxed);
  }
  int32_t phase = (int32_t)(atomic_load_explicit(&track->done.value, memory_order_acquire) / parts);
  while (phase < job->phases) {
    const int64_t end = (phase + 1) * parts;
    int64_t taken = own >= 0 ? take(track, own, phase) : 0;
    taken += help(track, own < 0 ? 0 : own, phase, 0);
    if (taken) {
      counter_add(&track->done, taken);
    }
    if (!spin_for(&track->done, end, PATIENCE)) {
      taken = help(track, own < 0 ? 0 : own, phase, 1);
      if (taken) {
        counter_add(&track->done, taken);
      }
      counter_await(&track->done, end);
    }
    phase = (int32_t)(atomic_load_explicit(&track->done.value, memory_order_acquire) / parts);
  }
}

/* A thread's own job first, then what is left of the other. */
static void work_at_all(struct team *team, int32_t index) {
  int32_t mine = -1;
  int32_t own = index;
  for (int32_t i = 0; i < team->count && mine < 0; i++) {
    if (own < team->tracks[i].job.shares) {
      mine = i;
      work_at(&team->tracks[i], own);
    }
    own -= team->tracks[i].job.shares;
  }
  for (int32_t i = 0; i < team->count; i++) {
    if (i != mine) {
      work_at(&team->tracks[i], -1);
    }
  }
}

static int enter(struct team *team) {
  int32_t inside = atomic_load(&team->inside);
  while (inside >= 0) {
    if (atomic_compare_exchange_weak(&team->inside, &inside, inside + 1)) {
      return 1;
    }
  }
  return 0;
}

static void *work(void *argument) {
  struct worker *worker = argument;
  struct team *team = worker->team;
  for (int64_t calls = 0;;) {
    counter_await(&team->calls, calls + 1);
    calls = atomic_load(&team->calls.value);
    if (atomic_load(&team->closing)) {
      return NULL;
    }
    if (enter(team)) {
      if (worker->index < team->wanted) {
        work_at_all(team, worker->index);
      }
      counter_add(&team->left, 1);
    }
  }
}

static void stop(struct team *team, int32_t started) {
  atomic_store(&team->closing, 1);
  counter_add(&team->calls, 1);
  for (int32_t i = 0; i < started; i++) {
    pthread_join(team->workers[i].thread, NULL);
  }
}

/*
 * Signals are the JVM's business, so workers block all but those that a thread's own fault raises: where these are
 * blocked the system kills the process before the JVM can say what happened. A worker's stack does not depend on the
 * system's defaults.
 */
static int start(struct worker *worker) {
  static const int FAULTS[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP};
  pthread_attr_t attributes;
  int error = pthread_attr_init(&attributes);
  if (!error) {
    sigset_t blocked;
    sigset_t before;
    sigfillset(&blocked);
    for (size_t i = 0; i < sizeof FAULTS / sizeof *FAULTS; i++) {
      sigdelset(&blocked, FAULTS[i]);
    }
    pthread_attr_setstacksize(&attributes, STACK);
    pthread_sigmask(SIG_SETMASK, &blocked, &before);
    error = pthread_create(&worker->thread, &attributes, work, worker);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_attr_destroy(&attributes);
  }
  return error;
}

static void release(struct team *team, int counters) {
  struct counter *all[] = {&team->calls, &team->left, &team->tracks[0].done, &team->tracks[1].done};
  for (int i = 0; i < counters; i++) {
    counter_close(all[i]);
  }
  free(team->tracks[0].shares);
  free(team->workers);
}

int team_open(struct team *team, int32_t threads) {
  struct counter *all[] = {&team->calls, &team->left, &team->tracks[0].done, &team->tracks[1].done};
  size_t shares = (size_t)threads * sizeof(struct share);
  memset(team, 0, sizeof *team);
  team->threads = threads;
  atomic_init(&team->inside, CLOSED);
  team->workers = calloc((size_t)threads, sizeof *team->workers);
  team->tracks[0].shares = aligned_alloc(64, MOST_JOBS * shares);
  int error = team->workers && team->tracks[0].shares ? 0 : ENOMEM;
  int counters = 0;
  while (!error && counters < 4) {
    error = counter_open(all[counters]);
    counters += !error;
  }
  if (error) {
    release(team, counters);
    return error;
  }
  team->tracks[1].shares = team->tracks[0].shares + threads;
  int32_t started = 0;
  while (!error && started < threads - 1) {
    team->workers[started] = (struct worker){.team = team, .index = started + 1, .kept_off = -1};
    error = start(&team->workers[started]);
    started += !error;
  }
  if (error) {
    stop(team, started);
    release(team, counters);
  }
  return error;
}

void team_close(struct team *team) {
  stop(team, team->threads - 1);
  release(team, 4);
}

static void run_alone(const struct job *job) {
  for (int32_t phase = 0; phase < job->phases; phase++) {
    for (int32_t part = 0; part < job->shares * job->parts; part++) {
      job->compute(job->work, phase, part);
    }
  }
}

static void set(struct track *track, const struct job *job) {
  track->job = *job;
  atomic_store_explicit(&track->done.value, 0, memory_order_relaxed);
  for (int32_t share = 0; share < job->shares; share++) {
    atomic_store_explicit(&track->shares[share].claimed, 0, memory_order_relaxed);
    atomic_store_explicit(&track->shares[share].present, 0, memory_order_relaxed);
  }
}

/*
 * Keeps the workers off the caller's processor: a system may wake them right there, and leave them waiting for it, or
 * taking turns with it, for milliseconds while other processors are idle.
 */
static void spread(struct team *team) {
  int32_t number = processor();
  for (int32_t i = 0; i < team->wanted - 1; i++) {
    struct worker *worker = &team->workers[i];
    if (worker->kept_off != number) {
      worker->kept_off = number;
      keep_off(worker->thread, number);
    }
  }
}

void team_run(struct team *team, const struct job *jobs, int32_t count) {
  int32_t shares = 0;
  for (int32_t i = 0; i < count; i++) {
    shares += jobs[i].shares;
  }
  int32_t idle = 0;
  if (shares < 2 || team->threads < 2 || !atomic_compare_exchange_strong(&team->busy, &idle, 1)) {
    for (int32_t i = 0; i < count; i++) {
      run_alone(&jobs[i]);
    }
    return;
  }
  for (int32_t i = 0; i < count; i++) {
    set(&team->tracks[i], &jobs[i]);
  }
  team->count = count;
  team->wanted = shares;
  spread(team);
  int64_t left = atomic_load(&team->left.value);
  atomic_store(&team->inside, 0);
  counter_add(&team->calls, 1);
  work_at_all(team, 0);
  int32_t came = atomic_exchange(&team->inside, CLOSED);
  counter_await(&team->left, left + came);
  atomic_store(&team->busy, 0);
}
