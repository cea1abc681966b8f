/*
 * A driver of OpenCL that is broken in the way that CAROUSEL_BROKEN_ICD names, for tests of the discovery of devices.
 * It has one platform of two devices, of which the second is always well. Both answer questions and can run nothing.
 */
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Numbers of the OpenCL specification. */
enum { DEVICE_NOT_FOUND = -1, OUT_OF_RESOURCES = -5, OUT_OF_HOST_MEMORY = -6, INVALID_VALUE = -30 };
enum { PLATFORM_NAME = 0x902, PLATFORM_EXTENSIONS = 0x904, PLATFORM_ICD_SUFFIX = 0x920 };
enum { TYPE = 0x1000, ENDIAN_LITTLE = 0x1026, AVAILABLE = 0x1027, COMPILER_AVAILABLE = 0x1028 };
enum { NAME = 0x102b, VENDOR = 0x102c, DRIVER = 0x102d, VERSION = 0x102f, EXTENSIONS = 0x1030 };
enum { TYPE_CPU = 2, PLENTY = 1 << 30, DEVICES = 2 };

/* What a handle points to begins with its functions, where a loader finds them. */
struct handle {
  const struct functions *functions;
};

/* In the order of cl_icd.h. */
struct functions {
  int32_t (*get_platform_ids)(uint32_t, struct handle **, uint32_t *);
  int32_t (*get_platform_info)(struct handle *, uint32_t, size_t, void *, size_t *);
  int32_t (*get_device_ids)(struct handle *, uint64_t, uint32_t, struct handle **, uint32_t *);
  int32_t (*get_device_info)(struct handle *, uint32_t, size_t, void *, size_t *);
  void *not_there[252];
};

static const struct functions functions;
static struct handle platform = {&functions};
static struct handle devices[DEVICES] = {{&functions}, {&functions}};

static int broken(const char *how) {
  const char *chosen = getenv("CAROUSEL_BROKEN_ICD");
  return chosen && !strcmp(chosen, how);
}

static void hang(void) {
  for (;;) {
    pause();
  }
}

/* Gives the length of an answer, its bytes, or both. */
static int32_t answer(const void *bytes, size_t length, size_t room, void *value, size_t *needed) {
  if (value && room < length) {
    return INVALID_VALUE;
  }
  if (value) {
    memcpy(value, bytes, length);
  }
  if (needed) {
    *needed = length;
  }
  return 0;
}

static int32_t text(const char *string, size_t room, void *value, size_t *needed) {
  return answer(string, strlen(string) + 1, room, value, needed);
}

static int32_t number(uint64_t wide, size_t room, void *value, size_t *needed) {
  return answer(&wide, sizeof wide, room, value, needed);
}

static int32_t yes(uint32_t flag, size_t room, void *value, size_t *needed) {
  return answer(&flag, sizeof flag, room, value, needed);
}

static int32_t get_platform_info(struct handle *of, uint32_t question, size_t room, void *value, size_t *needed) {
  (void)of;
  switch (question) {
    case PLATFORM_NAME:
      return broken("no-name") ? OUT_OF_RESOURCES : text(broken("empty-name") ? "" : "Broken", room, value, needed);
    case PLATFORM_EXTENSIONS: return text("cl_khr_icd", room, value, needed);
    case PLATFORM_ICD_SUFFIX: return text("BROKEN", room, value, needed);
    default: return INVALID_VALUE;
  }
}

static int32_t get_device_ids(struct handle *of, uint64_t type, uint32_t room, struct handle **found, uint32_t *count) {
  (void)of;
  if (broken("platform-hangs")) {
    hang();
  }
  if (broken("platform-fails")) {
    return OUT_OF_HOST_MEMORY;
  }
  if (broken("no-device") || !(type & TYPE_CPU)) {
    return DEVICE_NOT_FOUND;
  }
  for (uint32_t i = 0; found && i < room && i < DEVICES; i++) {
    found[i] = &devices[i];
  }
  if (count) {
    *count = DEVICES;
  }
  return 0;
}

static int32_t get_device_info(struct handle *of, uint32_t question, size_t room, void *value, size_t *needed) {
  int ill = of == &devices[0];
  if (ill && broken("device-hangs")) {
    hang();
  }
  if (ill && broken("device-fails")) {
    return OUT_OF_RESOURCES;
  }
  if (ill && broken("device-lies") && !value) {
    *needed = SIZE_MAX / 4;
    return 0;
  }
  switch (question) {
    case TYPE: return number(TYPE_CPU, room, value, needed);
    case ENDIAN_LITTLE: return yes(!ill || !broken("big-endian"), room, value, needed);
    case AVAILABLE: return yes(!ill || !broken("unavailable"), room, value, needed);
    case COMPILER_AVAILABLE: return yes(!ill || !broken("no-compiler"), room, value, needed);
    case NAME:
    case VENDOR:
    case DRIVER:
    case VERSION:
    case EXTENSIONS: return text("broken", room, value, needed);
    default: return number(PLENTY, room, value, needed);
  }
}

static int32_t get_platform_ids(uint32_t room, struct handle **found, uint32_t *count) {
  if (broken("driver-hangs")) {
    hang();
  }
  if (broken("driver-crashes")) {
    raise(SIGSEGV);
  }
  if (broken("driver-exits")) {
    _exit(3);
  }
  if (broken("driver-stops")) {
    raise(SIGSTOP);
  }
  if (found && room > 0) {
    *found = &platform;
  }
  if (count) {
    *count = 1;
  }
  return 0;
}

static const struct functions functions = {get_platform_ids, get_platform_info, get_device_ids, get_device_info, {0}};

/* The one function that a loader looks up by name: it gives the others that are needed before there is a handle. */
void *clGetExtensionFunctionAddress(const char *name);
void *clGetExtensionFunctionAddress(const char *name) {
  if (!strcmp(name, "clIcdGetPlatformIDsKHR")) {
    return (void *)get_platform_ids;
  }
  return !strcmp(name, "clGetPlatformInfo") ? (void *)get_platform_info : NULL;
}
