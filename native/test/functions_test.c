/*
 * exp, sigmoid and tanh within 2 units in the last place of the true value, and the other functions within what each is
 * listed with, over all floats: every 997th of them, with both zeros, infinities and NaN, or with --all every one. A
 * prime step meets every exponent and all low bits.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "carousel.h"
#include "check.h"
#include "tiers.h"

enum { BLOCK = 1 << 12, STEP = 997 };

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

static double gelu(double x) {
  return x * erfc(-x / sqrt(2)) / 2;
}

static double gelu_tanh(double x) {
  return x / (1 + exp(-1.5957691216057308 * (x + 0.044715 * x * x * x)));
}

static double silu(double x) {
  return x / (1 + exp(-x));
}

static double reciprocal(double x) {
  return 1 / x;
}

static double softsign(double x) {
  return isinf(x) ? copysign(1, x) : x / (1 + fabs(x));
}

static double softplus(double x) {
  return x > 0 ? x + log1p(exp(-x)) : log1p(exp(x));
}

static double relu(double x) {
  return x < 0 ? 0 : x;
}

static double clip(double x) {
  return x < -1 ? -1 : x > 2 ? 2 : x;
}

/*
 * A function: its truth, and how many units in the last place it may be off. Those that x times a factor is for large
 * negative numbers are off by x of the smallest floats where the factor is below the normal range, and gelu_tanh by as
 * much as the exponent is large.
 */
struct function {
  const char *name;
  int32_t function;
  double (*truth)(double);
  double ulps;
};

static const struct function FUNCTIONS[] = {
    {"exp", CAROUSEL_EXP, exp, 2},
    {"sigmoid", CAROUSEL_SIGMOID, sigmoid, 2},
    {"tanh", CAROUSEL_TANH, tanh, 2},
    {"erf", CAROUSEL_ERF, erf, 2},
    {"gelu", CAROUSEL_GELU, gelu, 16},
    {"gelu_tanh", CAROUSEL_GELU_TANH, gelu_tanh, 300},
    {"silu", CAROUSEL_SILU, silu, 64},
    {"log", CAROUSEL_LOG, log, 1},
    {"sqrt", CAROUSEL_SQRT, sqrt, 0.5},
    {"reciprocal", CAROUSEL_RECIPROCAL, reciprocal, 0.5},
    {"abs", CAROUSEL_ABS, fabs, 0},
    {"clip", CAROUSEL_CLIP, clip, 0},
    {"relu", CAROUSEL_RELU, relu, 0},
    {"softsign", CAROUSEL_SOFTSIGN, softsign, 2},
    {"softplus", CAROUSEL_SOFTPLUS, softplus, 4},
};

static double worst(carousel_context *context, const char *tier, const struct function *function, uint64_t step) {
  static float in[BLOCK];
  static float out[BLOCK];
  carousel_operation op = {.cell = {.kind = CAROUSEL_ACTIVATE, .units = BLOCK, .gate = {function->function, -1, 2}},
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
      double away = distance(out[i], function->truth(in[i]));
      most = away > most ? away : most;
      CHECK(away <= function->ulps, "%s: %s(%a) is %a, and should be %a", tier, function->name, (double)in[i],
            (double)out[i], function->truth(in[i]));
    }
  }
  return most;
}

/* Where a step may pass by: infinities, zeros, the ends of the normal range. */
static void at_the_ends(carousel_context *context, const char *tier, const struct function *function) {
  float in[] = {INFINITY,        -INFINITY,        0.0f, -0.0f, NAN, 0x1p-126f, 0x1p-149f, -0x1p-126f,
                0x1.fffffep127f, -0x1.fffffep127f, 1.0f, -1.0f};
  enum { COUNT = sizeof in / sizeof *in };
  float out[COUNT];
  carousel_operation op = {.cell = {.kind = CAROUSEL_ACTIVATE, .units = COUNT, .gate = {function->function, -1, 2}},
                           .in = {in, COUNT, 0},
                           .out = {out, COUNT, 0},
                           .rows = 1};
  carousel_run(context, &op);
  for (int i = 0; i < COUNT; i++) {
    CHECK(distance(out[i], function->truth(in[i])) <= function->ulps, "%s: %s(%a) is %a, and should be %a", tier,
          function->name, (double)in[i], (double)out[i], function->truth(in[i]));
  }
}

int main(int count, char **arguments) {
  uint64_t step = count > 1 && strcmp(arguments[1], "--all") == 0 ? 1 : STEP;
  for (int32_t tier = 0; tier < CAROUSEL_TIERS; tier++) {
    if (ready(tier)) {
      carousel_context *context = opened(tier, 1);
      const char *name = TIER_NAMES[tier];
      printf("%s: worst of", name);
      for (size_t i = 0; i < sizeof FUNCTIONS / sizeof *FUNCTIONS; i++) {
        at_the_ends(context, name, &FUNCTIONS[i]);
        printf("%s %s %.3f", i ? "," : "", FUNCTIONS[i].name, worst(context, name, &FUNCTIONS[i], step));
      }
      printf(" ulp\n");
      fflush(stdout);
      carousel_close(context);
    }
  }
  return failures ? EXIT_FAILURE : EXIT_SUCCESS;
}
