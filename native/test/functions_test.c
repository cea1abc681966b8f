/*
 * exp, sigmoid and tanh within 2 units in the last place of the true value, over all floats: every 997th of them, with
 * both zeros, infinities and NaN, or with --all every one. A prime step meets every exponent and all low bits.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "carousel.h"
#include "check.h"
#include "tiers.h"

enum { BLOCK = 1 << 12, ULPS = 2, STEP = 997 };

static int64_t failures;

/* The distance of a float from a double, in units in the last place of the float that is nearest to that. */
static double distance(float found, double expected) {
  float near = (float)expected;
  if (isnan(expected) || isnan(found)) {
    return isnan(expected) && isnan(found) ? 0 : INFINITY;
  }
  if (isinf(near) || isinf(found)) {
    return near == found ? 0 : fabs(expected) > 3.4028234e38 && fabsf(found) > 3.402823e38f ? 1 : INFINITY;
  }
  int exponent;
  frexp(near, &exponent);
  return fabs(found - expected) / ldexp(1, exponent < -125 ? -149 : exponent - 24);
}

static double sigmoid(double x) {
  return 1 / (1 + exp(-x));
}

static double worst(carousel_context *context, const char *tier, const char *name, int32_t function,
                    double (*truth)(double), uint64_t step) {
  static float in[BLOCK];
  static float out[BLOCK];
  carousel_operation op = {.cell = {.kind = CAROUSEL_ACTIVATE, .units = BLOCK, .gate = {function, 0, 0}},
                           .in = {in, BLOCK, 0},
                           .out = {out, BLOCK, 0},
                           .rows = 1};
  double most = 0;
  for (uint64_t bits = 0; bits < (uint64_t)1 << 32; bits += BLOCK * step) {
    for (uint64_t i = 0; i < BLOCK; i++) {
      uint32_t pattern = (uint32_t)(bits + i * step);
      memcpy(&in[i], &pattern, sizeof pattern);
    }
    carousel_run(context, &op);
    for (uint64_t i = 0; i < BLOCK; i++) {
      double away = distance(out[i], truth(in[i]));
      most = away > most ? away : most;
      CHECK(away <= ULPS, "%s: %s(%a) is %a, and should be %a", tier, name, (double)in[i], (double)out[i],
            truth(in[i]));
    }
  }
  return most;
}

int main(int count, char **arguments) {
  uint64_t step = count > 1 && strcmp(arguments[1], "--all") == 0 ? 1 : STEP;
  for (int32_t tier = 0; tier < CAROUSEL_TIERS; tier++) {
    if (ready(tier)) {
      carousel_context *context = opened(tier, 1);
      const char *name = TIER_NAMES[tier];
      printf("%s: worst of exp %.3f, sigmoid %.3f, tanh %.3f ulp\n", name,
             worst(context, name, "exp", CAROUSEL_EXP, exp, step),
             worst(context, name, "sigmoid", CAROUSEL_SIGMOID, sigmoid, step),
             worst(context, name, "tanh", CAROUSEL_TANH, tanh, step));
      fflush(stdout);
      carousel_close(context);
    }
  }
  return failures ? EXIT_FAILURE : EXIT_SUCCESS;
}
