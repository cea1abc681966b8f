/*
 * exp, sigmoid and tanh, each within 2 ulp over all floats, infinities, NaN and results below the normal range included;
 * and the other activations in terms of them.
 */
#ifndef FUNCTIONS_H
#define FUNCTIONS_H

#include <float.h>

#include "carousel.h"
#include "vector.h"

/* e to the y is 2 to the power n, times 1 + rest. */
struct power {
  ivec n;
  vec rest;
};

/*
 * The rest is a polynomial in r = y - n ln 2, |r| <= ln 2 / 2, its coefficients Cephes' minimax ones. n is rounded by
 * adding 1.5 * 2^23, which leaves it in the low bits; ln 2 is subtracted in two parts, the first with so few bits that
 * n times it is exact.
 */
INLINE struct power power_of(vec y) {
  const vec shift = all(12582912.0f);
  vec shifted = fma_(y, all(1.44269504088896341f), shift);
  vec n = shifted - shift;
  vec r = fma_(n, all(-0.693359375f), y);
  r = fma_(n, all(2.12194440e-4f), r);
  vec p = fma_(all(1.9875691500e-4f), r, all(1.3981999507e-3f));
  p = fma_(p, r, all(8.3334519073e-3f));
  p = fma_(p, r, all(4.1665795894e-2f));
  p = fma_(p, r, all(1.6666665459e-1f));
  p = fma_(p, r, all(5.0000001201e-1f));
  return (struct power){(ivec)shifted - (ivec)shift, fma_(r * r, p, r)};
}

/* 2 to the power n, for n from -126 to 127. */
INLINE vec two_to(ivec n) {
  return (vec)(ivec)((uvec)(n + 127) << 23);
}

/* 1 + rest times 2 to the power n, in two halves, since n may lie outside the exponents of a float. */
INLINE vec scaled(struct power p) {
#if defined(__AVX512F__)
  return (vec)_mm512_scalef_ps((__m512)(p.rest + 1.0f), _mm512_cvtepi32_ps((__m512i)p.n));
#else
  ivec half = p.n >> 1;
  return (p.rest + 1.0f) * two_to(half) * two_to(p.n - half);
#endif
}

/* The bounds give infinity and 0. */
INLINE vec exp_of(vec x) {
  return scaled(power_of(at_least(all(-104.0f), at_most(all(89.0f), x))));
}

/* 1 / (1 + e^-|x|), or that times e^-|x| for a negative x: no overflow, and small results keep their bits. */
INLINE vec sigmoid(vec x) {
  vec e = scaled(power_of(at_least(all(-104.0f), -magnitude(x))));
  return choose(x < 0.0f, e, all(1.0f)) / (e + 1.0f);
}

/* With m = e^(-2|x|) - 1 it is -m / (2 + m); beyond 10 it is 1. m keeps its bits where x is small. */
INLINE vec tanh_of(vec x) {
  struct power p = power_of(at_least(all(-20.0f), magnitude(x) * -2.0f));
  vec scale = two_to(p.n);
  vec m = fma_(scale, p.rest, scale - 1.0f);
  return signed_as(m / (m + 2.0f), x);
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
  vec scale = two_to(p.n);
  return choose(x < 0.0f, alpha * fma_(scale, p.rest, scale - 1.0f), x);
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
    default: return exp_of(x);
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
  return at_least(all(-clip), at_most(all(clip), x));
}

#endif
