/*
 * A loader of OpenCL whose devices are lost, for tests of what becomes of a session then. Put in the place of the
 * system's, which it needs, it has the calls below go through its hands; the others are the system's own.
 *
 * CAROUSEL_LOST_AFTER says how many kernels may be launched. From then on whatever works on a queue fails; or, where
 * CAROUSEL_LOST_AT names one of the calls below, from the first of these on. With CAROUSEL_APART devices say that their
 * memory is not the host's.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Numbers of the OpenCL specification. */
enum { OUT_OF_RESOURCES = -5, HOST_UNIFIED_MEMORY = 0x1035 };

/* The function of the same name that would have been called. */
#define REAL(function) ((__typeof__(&function))dlsym(RTLD_NEXT, #function))

typedef struct queue *queue_t;
typedef struct kernel *kernel_t;
typedef struct buffer *buffer_t;
typedef struct event *event_t;

static atomic_long launches;
static atomic_bool gone;

int32_t clFinish(queue_t queue);

/* Whether a call on a queue fails. What was launched before comes to its end first: a lost device writes nothing. */
static int lost(const char *call, queue_t queue) {
  const char *after = getenv("CAROUSEL_LOST_AFTER");
  const char *at = getenv("CAROUSEL_LOST_AT");
  if (after && launches >= atol(after) && (!at || !strcmp(at, call))) {
    gone = 1;
  }
  if (gone) {
    REAL(clFinish)(queue);
  }
  return gone;
}

int32_t clFinish(queue_t queue) {
  return lost("clFinish", queue) ? OUT_OF_RESOURCES : REAL(clFinish)(queue);
}

int32_t clFlush(queue_t queue) {
  return lost("clFlush", queue) ? OUT_OF_RESOURCES : REAL(clFlush)(queue);
}

int32_t clEnqueueNDRangeKernel(queue_t queue, kernel_t kernel, uint32_t dimensions, const size_t *offset,
                               const size_t *global, const size_t *local, uint32_t count, const event_t *before,
                               event_t *done) {
  if (lost("clEnqueueNDRangeKernel", queue)) {
    return OUT_OF_RESOURCES;
  }
  launches++;
  return REAL(clEnqueueNDRangeKernel)(queue, kernel, dimensions, offset, global, local, count, before, done);
}

int32_t clEnqueueReadBuffer(queue_t queue, buffer_t buffer, uint32_t waits, size_t offset, size_t bytes, void *target,
                            uint32_t count, const event_t *before, event_t *done) {
  if (lost("clEnqueueReadBuffer", queue)) {
    return OUT_OF_RESOURCES;
  }
  return REAL(clEnqueueReadBuffer)(queue, buffer, waits, offset, bytes, target, count, before, done);
}

int32_t clEnqueueWriteBuffer(queue_t queue, buffer_t buffer, uint32_t waits, size_t offset, size_t bytes,
                             const void *source, uint32_t count, const event_t *before, event_t *done) {
  if (lost("clEnqueueWriteBuffer", queue)) {
    return OUT_OF_RESOURCES;
  }
  return REAL(clEnqueueWriteBuffer)(queue, buffer, waits, offset, bytes, source, count, before, done);
}

int32_t clEnqueueCopyBuffer(queue_t queue, buffer_t from, buffer_t to, size_t from_offset, size_t to_offset,
                            size_t bytes, uint32_t count, const event_t *before, event_t *done) {
  if (lost("clEnqueueCopyBuffer", queue)) {
    return OUT_OF_RESOURCES;
  }
  return REAL(clEnqueueCopyBuffer)(queue, from, to, from_offset, to_offset, bytes, count, before, done);
}

int32_t clGetDeviceInfo(void *device, uint32_t question, size_t room, void *value, size_t *needed) {
  int32_t code = REAL(clGetDeviceInfo)(device, question, room, value, needed);
  if (question == HOST_UNIFIED_MEMORY && value && getenv("CAROUSEL_APART")) {
    memset(value, 0, room);
  }
  return code;
}
