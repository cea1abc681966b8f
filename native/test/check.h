/* What tests say when something is wrong. */
#ifndef CHECK_H
#define CHECK_H

#include <stdio.h>

/* Counts a failure in the variable failures and says what was expected; goes on. */
#define CHECK(holds, ...)                                                                                              \
  do {                                                                                                                 \
    if (!(holds)) {                                                                                                    \
      failures++;                                                                                                      \
      if (failures <= 20) {                                                                                            \
        fprintf(stderr, "%s:%d: ", __FILE__, __LINE__);                                                                \
        fprintf(stderr, __VA_ARGS__);                                                                                  \
        fputc('\n', stderr);                                                                                           \
      }                                                                                                                \
    }                                                                                                                  \
  } while (0)

#endif
