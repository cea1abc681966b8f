/*
 * Threads that work through jobs together, the caller among them.
 *
 * A job is a row of phases, and a phase is parts that may be computed in any order by anyone; the next phase starts
 * when all parts are done. Each thread has a share of the parts, the same in every phase, so that what it works on
 * stays in its own cache. Nobody waits for a thread that is not there: the parts of one that has not come yet, or has
 * been taken off its processor, are computed by the others. Who computes a part makes no difference to its bits.
 */
#ifndef TEAM_H
#define TEAM_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>

enum { MOST_JOBS = 2 };

struct job {
  void (*compute)(const void *work, int32_t phase, int32_t part);
  const void *work;
  int32_t phases;
  int32_t shares; /* threads that have parts of it */
  int32_t parts;  /* of a share */
};

/* A number that grows, and threads that wait until it has. Waiting spins for a moment, then sleeps. */
struct counter {
  _Alignas(64) _Atomic int64_t value;
  _Atomic int32_t sleepers;
  pthread_mutex_t mutex;
  pthread_cond_t grown;
};

/* The parts of a thread. */
struct share {
  _Alignas(64) _Atomic int64_t claimed; /* parts, over all phases so far */
  _Atomic int32_t present;              /* whether its thread has come */
};

struct track {
  struct job job;
  struct counter done; /* parts, over all phases so far */
  struct share *shares;
};

struct worker {
  struct team *team;
  int32_t index;
  int32_t kept_off; /* the processor of the last caller */
  pthread_t thread;
};

struct team {
  int32_t threads; /* with the caller */
  struct worker *workers;
  struct track tracks[MOST_JOBS];
  int32_t count;  /* of tracks in use */
  int32_t wanted; /* threads */
  _Atomic int32_t busy;
  struct counter calls;
  _Alignas(64) _Atomic int32_t inside; /* workers at the tracks, or below 0: no more may come */
  struct counter left;                 /* workers that have left the tracks */
  _Atomic int32_t closing;
};

/* 0, or an error number. */
int team_open(struct team *team, int32_t threads);
void team_close(struct team *team);

/* Does one job, or two at once; where another call has the workers, or there are none, the caller does it alone. */
void team_run(struct team *team, const struct job *jobs, int32_t count);

#endif
