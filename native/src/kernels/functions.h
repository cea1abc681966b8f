/*
 * exp, sigmoid and tanh, each within 2 ulp over all floats, infinities, NaN and results below the normal range
 * included; and the other activations in terms of them.
 */
#ifndef FUNCTIONS_H
#define FUNCTIONS_H

#include <float.h>

#include "carousel.h"
#include "vector.h"

/* e to the y is 2 to the power n, a whole number, times 1 + rest. */
struct power {
  vec n;
  vec rest;
};

/*
 * The rest is r + r^2 p(r) with r = y - n ln 2, |r| <= ln 2 / 2; p was fitted to the smallest relative error of the
 * rest, 1.4e-8. n is rounded by adding 1.5 * 2^23; ln 2 is subtracted in two parts, the first with so few bits that n
 * times it is exact.
 */
INLINE struct power power_of(vec y) {
  const vec shift = all(12582912.0f);
  vec n = fma_(y, all(1.44269504088896341f), shift) - shift;
  vec r = fma_(n, all(-0.693359375f), y);
  r = fma_(n, all(2.12194440e-4f), r);
  vec p = fma_(all(0x1.6bebdcp-10f), r, all(0x1.122886p-7f));
  p = fma_(p, r, all(0x1.555676p-5f));
  p = fma_(p, r, all(0x1.5554aep-3f));
  p = fma_(p, r, all(0x1.fffffep-2f));
  return (struct power){n, fma_(r * r, p, r)};
}

/* The bounds give infinity and 0; the power is taken in two halves, since n may lie outside the exponents of a float.
 */
INLINE vec exp_of(vec x) {
  struct power p = power_of(at_least(all(-104.0f), at_most(all(89.0f), x)));
  vec half = at_least(all(-100.0f), at_most(all(100.0f), p.n));
  return doubled(doubled(p.rest + 1.0f, half), p.n - half);
}

/*
 * 1 / (1 + e^-x). Where that power lies beyond a float, for results below the normal range, a part of it is taken after
 * the division; the 1 does not count there.
 */
INLINE vec sigmoid(vec x) {
  struct power p = power_of(at_least(all(-80.0f), at_most(all(104.0f), -x)));
  vec near = at_most(all(100.0f), p.n);
  vec scale = doubled(all(1.0f), near);
  return doubled(1.0f / (scale + fma_(scale, p.rest, all(1.0f))), near - p.n);
}

/* With m = e^(-2|x|) - 1 it is -m / (2 + m); beyond 10 it is 1. m keeps its bits where x is small. */
INLINE vec tanh_of(vec x) {
  struct power p = power_of(at_least(all(-20.0f), magnitude(x) * -2.0f));
  vec scale = doubled(all(1.0f), p.n);
  return signed_as(fma_(scale, p.rest, scale - 1.0f) / fma_(scale, p.rest, scale + 1.0f), x);
}

/* log(1 + e^x) = max(x, 0) + log(1 + e^-|x|); rare enough to go by lanes. */
INLINE vec softplus(vec x) {
  vec e = exp_of(-magnitude(x));
  for (int lane = 0; lane < LANES; lane++) {
    e[lane] = log1pf(e[lane]);
  }
  return at_least(all(0.0f), x) + e;
}

/* alpha * (e^x - 1) below 0. */
INLINE vec elu(vec x, vec alpha) {
  struct power p = power_of(at_least(all(-20.0f), at_most(all(0.0f), x)));
  vec scale = doubled(all(1.0f), p.n);
  return choose(x < 0.0f, alpha * fma_(scale, p.rest, scale - 1.0f), x);
}

/*
 * e^(-share x^2) for sizes up to 20, beyond which it is 0. The square is taken in two parts, the first of so few bits
 * that it is exact: an error in it would count as often as it is large.
 */
INLINE vec bell(vec x, float share) {
  vec head = (vec)((ivec)x & -4096);
  return exp_of(head * head * -share) * exp_of((x - head) * (x + head) * -share);
}

/*
 * What erf lacks to 1 at root x, x being 0 or more and the share root^2: a bell times a polynomial that was fitted to
 * the smallest relative error, 8e-9, over sizes 0 to 12, mapped to numbers below 1.
 */
INLINE vec erf_rest(vec x, float root, float share) {
  vec size = at_most(all(20.0f), x);
  vec q = size * (root / 3.0f);
  vec u = (1.0f - q) / (1.0f + q);
  vec p = fma_(all(0x1.c7c02ep-15f), u, all(-0x1.f5facep-16f));
  p = fma_(p, u, all(-0x1.34bfecp-11f));
  p = fma_(p, u, all(-0x1.7782dcp-11f));
  p = fma_(p, u, all(0x1.178236p-8f));
  p = fma_(p, u, all(0x1.8faf08p-6f));
  p = fma_(p, u, all(0x1.258c26p-4f));
  p = fma_(p, u, all(0x1.336fdcp-3f));
  p = fma_(p, u, all(0x1.f6ff14p-3f));
  p = fma_(p, u, all(0x1.4e102cp-2f));
  p = fma_(p, u, all(0x1.6e9828p-3f));
  return bell(size, share) * p;
}

/* Below 1 it is x + x p(x^2); p was fitted to the smallest relative error of the whole, 1.4e-9. */
INLINE vec erf_of(vec x) {
  vec square = x * x;
  vec p = fma_(all(0x1.47b8b6p-14f), square, all(-0x1.a367fep-11f));
  p = fma_(p, square, all(0x1.53f4b6p-8f));
  p = fma_(p, square, all(-0x1.b7f758p-6f));
  p = fma_(p, square, all(0x1.ce2ce8p-4f));
  p = fma_(p, square, all(-0x1.81273ep-2f));
  p = fma_(p, square, all(0x1.06eba8p-3f));
  vec size = magnitude(x);
  return choose(size < 1.0f, fma_(x, p, x), signed_as(1.0f - erf_rest(size, 1.0f, 1.0f), x));
}

INLINE vec gelu(vec x) {
  vec half = erf_rest(magnitude(x), 0.707106781f, 0.5f) * 0.5f;
  return x * choose(x < 0.0f, half, 1.0f - half);
}

/* (1 + tanh(y)) / 2 is the sigmoid of 2 y. */
INLINE vec gelu_tanh(vec x) {
  return x * sigmoid(x * fma_(x * x, all(0.0713548163f), all(1.59576912f)));
}

/* Rare enough to go by lanes. */
INLINE vec log_of(vec x) {
  for (int lane = 0; lane < LANES; lane++) {
    x[lane] = logf(x[lane]);
  }
  return x;
}

static vec activate_any(const carousel_activation *activation, vec x) {
  const vec alpha = all(activation->alpha);
  const vec beta = all(activation->beta);
  switch (activation->function) {
    case CAROUSEL_RELU: return at_least(all(0.0f), x);
    case CAROUSEL_TANH: return tanh_of(x);
    case CAROUSEL_SIGMOID: return sigmoid(x);
    case CAROUSEL_AFFINE: return fma_(alpha, x, beta);
    case CAROUSEL_LEAKY_RELU: return choose(x < 0.0f, alpha * x, x);
    case CAROUSEL_THRESHOLDED_RELU: return choose(x <= alpha, all(0.0f), x);
    case CAROUSEL_SCALED_TANH: return alpha * tanh_of(beta * x);
    case CAROUSEL_HARD_SIGMOID: return at_most(all(1.0f), at_least(all(0.0f), fma_(alpha, x, beta)));
    case CAROUSEL_ELU: return elu(x, alpha);
    case CAROUSEL_SOFTSIGN: return choose(magnitude(x) > FLT_MAX, signed_as(all(1.0f), x), x / (magnitude(x) + 1.0f));
    case CAROUSEL_SOFTPLUS: return softplus(x);
    case CAROUSEL_CLIP: return at_most(beta, at_least(alpha, x));
    case CAROUSEL_GELU: return gelu(x);
    case CAROUSEL_GELU_TANH: return gelu_tanh(x);
    case CAROUSEL_SILU: return x * sigmoid(x);
    case CAROUSEL_ERF: return erf_of(x);
    case CAROUSEL_EXP: return exp_of(x);
    case CAROUSEL_LOG: return log_of(x);
    case CAROUSEL_SQRT: return root_of(x);
    case CAROUSEL_RECIPROCAL: return 1.0f / x;
    default: return magnitude(x);
  }
}

INLINE vec activate(const carousel_activation *activation, vec x) {
  if (activation->function == CAROUSEL_SIGMOID) {
    return sigmoid(x);
  }
  if (activation->function == CAROUSEL_TANH) {
    return tanh_of(x);
  }
  return activate_any(activation, x);
}

INLINE vec clipped(float clip, vec x) {
  if (clip > FLT_MAX) {
    return x;
  }
  return at_least(all(-clip), at_most(all(clip), x));
}

#endif
