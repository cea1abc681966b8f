/*
 * Signals on the threads of a team: those that a thread's own fault raises come through, so that whoever handles them
 * for the process (the JVM writes its report then) is called on a worker too; all others are left to other threads.
 */
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "check.h"
#include "team.h"

static const int FAULTS[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP};
static const int OTHERS[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2, SIGPIPE, SIGCHLD, SIGABRT};

enum { PATIENCE_SECONDS = 60 };

static int64_t failures;
static pthread_t caller;
static char *volatile closed_page;
static size_t page;
static _Atomic int worker_done;
static _Atomic int handled_on_worker;
static sigset_t workers_mask;

/* Opens the page, so that what has faulted is done again and goes through. */
static void handle(int number) {
  (void)number;
  atomic_store(&handled_on_worker, !pthread_equal(pthread_self(), caller));
  mprotect(closed_page, page, PROT_READ | PROT_WRITE);
}

static void fault(void) {
  pthread_sigmask(SIG_SETMASK, NULL, &workers_mask);
  *(volatile char *)closed_page = 1;
  atomic_store(&worker_done, 1);
}

/* A part on a worker; the caller holds on to its own part until then, so that it does not take the worker's. */
static void compute(const void *work, int32_t phase, int32_t part) {
  (void)work;
  (void)phase;
  (void)part;
  if (!pthread_equal(pthread_self(), caller)) {
    if (!atomic_load(&worker_done)) {
      fault();
    }
    return;
  }
  for (int waited = 0; !atomic_load(&worker_done) && waited < PATIENCE_SECONDS * 1000; waited++) {
    usleep(1000);
  }
}

int main(void) {
  caller = pthread_self();
  page = (size_t)sysconf(_SC_PAGESIZE);
  closed_page = mmap(NULL, page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_handler = handle;
  sigaction(SIGSEGV, &action, NULL);
  sigaction(SIGBUS, &action, NULL); /* what some systems raise for a closed page */
  struct team team;
  if (closed_page == MAP_FAILED || team_open(&team, 2)) {
    fprintf(stderr, "no memory or no thread\n");
    return EXIT_FAILURE;
  }
  team_run(&team, &(struct job){.compute = compute, .phases = 1, .shares = 2, .parts = 1}, 1);
  team_close(&team);

  CHECK(atomic_load(&worker_done), "no part was computed on a worker");
  CHECK(atomic_load(&handled_on_worker), "a worker's fault was not handled on the worker");
  for (size_t i = 0; i < sizeof FAULTS / sizeof *FAULTS; i++) {
    CHECK(sigismember(&workers_mask, FAULTS[i]) == 0, "a worker blocks signal %d, which its own fault raises",
          FAULTS[i]);
  }
  for (size_t i = 0; i < sizeof OTHERS / sizeof *OTHERS; i++) {
    CHECK(sigismember(&workers_mask, OTHERS[i]) == 1, "a worker does not block signal %d", OTHERS[i]);
  }
  printf("faults come through on a worker, other signals do not, %lld failures\n", (long long)failures);
  return failures ? EXIT_FAILURE : EXIT_SUCCESS;
}
