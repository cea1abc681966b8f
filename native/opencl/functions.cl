/*
 * The activations, each within a few ulp, but a GELU of a large negative number, which is a difference: that is within
 * a few ulp of the number. NaN stays NaN. Their numbers are build options, named as in Java.
 */

#define MAGNITUDE 0x7fffffffu
#define SIGN 0x80000000u
#define INFINITE 0x7f800000u /* what is above, without its sign, is NaN */
#define LARGEST 3.402823466e+38f

/* x doubled n times, n being whole and from -126 to 127: adding 1.5 * 2^23 leaves n in the low bits. */
vec doubled(vec x, vec n) {
  return x * as_vec((as_uvec(n + 12582912.0f) << 23) + 0x3f800000u);
}

vec magnitude(vec x) {
  return as_vec(as_uvec(x) & MAGNITUDE);
}

vec signed_as(vec size, vec sign) {
  return as_vec((as_uvec(size) & MAGNITUDE) | (as_uvec(sign) & SIGN));
}

/*
 * e^y is 2^n times 1 + rest, and the rest is r + r^2 p(r) with r = y - n ln 2; p was fitted to the smallest relative
 * error. n is rounded by adding 1.5 * 2^23; ln 2 is taken off in two parts, the first of so few bits that n times it is
 * exact.
 */
vec power_of(vec y, vec *n) {
  vec whole = multiply_add(y, splat(1.44269504088896341f), splat(12582912.0f)) - 12582912.0f;
  vec r = multiply_add(whole, splat(-0.693359375f), y);
  r = multiply_add(whole, splat(2.12194440e-4f), r);
  vec p = multiply_add(splat(0x1.6bebdcp-10f), r, splat(0x1.122886p-7f));
  p = multiply_add(p, r, splat(0x1.555676p-5f));
  p = multiply_add(p, r, splat(0x1.5554aep-3f));
  p = multiply_add(p, r, splat(0x1.fffffep-2f));
  *n = whole;
  return multiply_add(r * r, p, r);
}

/* For x of 0 and below; from -87 on, where it is 1.6e-38, it does not get smaller. */
vec exp_of_negative(vec x) {
  vec n;
  vec rest = power_of(at_least(splat(-87.0f), x), &n);
  return doubled(rest + 1.0f, n);
}

/* For any x: 2^n is put on in two halves, so that it may be larger than a number can be, and smaller. */
vec exp_of(vec x) {
  vec n;
  vec rest = power_of(at_least(splat(-105.0f), at_most(splat(90.0f), x)), &n);
  const vec some = multiply_add(n, splat(0.5f), splat(12582912.0f)) - 12582912.0f;
  return doubled(doubled(rest + 1.0f, some), n - some);
}

vec sigmoid(vec x) {
  vec n;
  vec rest = power_of(at_least(splat(-80.0f), at_most(splat(87.0f), -x)), &n);
  vec scale = doubled(splat(1.0f), n);
  return 1.0f / (scale + multiply_add(scale, rest, splat(1.0f)));
}

/* With m = e^(-2|x|) - 1 it is -m / (2 + m); beyond 10 it is 1. m keeps its bits where x is small. */
vec tanh_of(vec x) {
  vec n;
  vec rest = power_of(at_least(splat(-20.0f), magnitude(x) * -2.0f), &n);
  vec scale = doubled(splat(1.0f), n);
  return signed_as(multiply_add(scale, rest, scale - 1.0f) / multiply_add(scale, rest, scale + 1.0f), x);
}

/* alpha * (e^x - 1) below 0. */
vec elu(vec x, float alpha) {
  vec n;
  vec rest = power_of(at_least(splat(-20.0f), at_most(splat(0.0f), x)), &n);
  vec scale = doubled(splat(1.0f), n);
  return x < 0.0f ? alpha * multiply_add(scale, rest, scale - 1.0f) : x;
}

/*
 * log(1 + e^x) = max(x, 0) + log(1 + e) with e = e^-|x|, and log(1 + e) = 2 atanh(s) with s = e / (2 + e), of which the
 * series is short, since s is at most 1/3.
 */
vec softplus(vec x) {
  vec e = exp_of_negative(-magnitude(x));
  vec s = e / (e + 2.0f);
  vec square = s * s;
  vec series = multiply_add(square, splat(1.0f / 13.0f), splat(1.0f / 11.0f));
  series = multiply_add(series, square, splat(1.0f / 9.0f));
  series = multiply_add(series, square, splat(1.0f / 7.0f));
  series = multiply_add(series, square, splat(1.0f / 5.0f));
  series = multiply_add(series, square, splat(1.0f / 3.0f));
  series = multiply_add(series, square, splat(1.0f));
  return at_least(splat(0.0f), x) + 2.0f * s * series;
}

/*
 * x is 2^k m with m between the root of 1/2 and that of 2, and log(m) = 2 atanh(s) with s = (m - 1) / (m + 1), at most
 * 0.172. A number without a leading one is told by its bits, for a device may take it for 0: behind those of 1 they are
 * 2^126 times as much, and 1.
 */
vec log_of(vec x) {
  const uvec small = as_uvec(as_vec(as_uvec(x) | 0x3f800000u) - 1.0f);
  /* With the exponent one more above root 2. */
  const uvec bits = as_uvec(as_uvec(x) < 0x00800000u ? as_vec(small) : x) + 0x004afb0du;
  const vec bias = as_uvec(x) < 0x00800000u ? splat(8388861.0f) : splat(8388735.0f);
  const vec k = as_vec((bits >> 23) | 0x4b000000u) - bias;
  const vec m = as_vec((bits & 0x007fffffu) + 0x3f3504f3u);
  const vec s = (m - 1.0f) / (m + 1.0f);
  const vec square = s * s;
  vec series = multiply_add(square, splat(1.0f / 9.0f), splat(1.0f / 7.0f));
  series = multiply_add(series, square, splat(1.0f / 5.0f));
  series = multiply_add(series, square, splat(1.0f / 3.0f));
  const vec rest = multiply_add(2.0f * s * square, series, 2.0f * s);
  const vec result = multiply_add(k, splat(0.693359375f), multiply_add(k, splat(-2.12194440e-4f), rest));
  const vec positive = as_uvec(x) > INFINITE ? splat(NAN) : as_uvec(x) == INFINITE ? x : result;
  return (as_uvec(x) & MAGNITUDE) == 0u ? splat(-INFINITY) : positive;
}

/* Of a number below 0, if only by so much that a device takes it for 0, NaN. */
vec root_of(vec x) {
  return as_uvec(x) > SIGN || (as_uvec(x) & MAGNITUDE) > INFINITE ? splat(NAN) : sqrt(x);
}

/*
 * How much of a normal distribution lies above x, which is not below 0: e^(-x^2 / 2) u p(u) with u = 1 / (1 + 0.35 x);
 * p was fitted to the smallest relative error.
 */
vec above(vec x) {
  const vec u = 1.0f / multiply_add(x, splat(0.35f), splat(1.0f));
  vec p = multiply_add(u, splat(-0x1.ddd1d6p-6f), splat(0x1.270908p-3f));
  p = multiply_add(p, u, splat(-0x1.060ad2p-2f));
  p = multiply_add(p, u, splat(0x1.466f18p-3f));
  p = multiply_add(p, u, splat(-0x1.7d23f2p-6f));
  p = multiply_add(p, u, splat(0x1.b06ed6p-4f));
  p = multiply_add(p, u, splat(0x1.eac3bep-4f));
  p = multiply_add(p, u, splat(0x1.1e713p-3f));
  p = multiply_add(p, u, splat(0x1.1df1cp-3f));
  return exp_of(x * x * -0.5f) * u * p;
}

/* Near 0 x times a series of x^2, of which p was fitted as well. */
vec erf_of(vec x) {
  const vec square = x * x;
  vec p = multiply_add(square, splat(0x1.496a7p-14f), splat(-0x1.a3f71ap-11f));
  p = multiply_add(p, square, splat(0x1.5405b6p-8f));
  p = multiply_add(p, square, splat(-0x1.b7f90ep-6f));
  p = multiply_add(p, square, splat(0x1.ce2cf8p-4f));
  p = multiply_add(p, square, splat(-0x1.81273ep-2f));
  p = multiply_add(p, square, splat(0x1.20dd74p+0f));
  const vec size = magnitude(x);
  return size < 1.0f ? x * p : signed_as(1.0f - 2.0f * above(size * 1.41421356237f), x);
}

vec gelu(vec x) {
  const vec rest = above(magnitude(x));
  return x * (x < 0.0f ? rest : 1.0f - rest);
}

/* With u the argument of tanh, (1 + tanh(u)) / 2 is 1 / (1 + e^(-2u)). */
vec gelu_tanh(vec x) {
  const vec twice = x * multiply_add(x * x, splat(0.0713548162726f), splat(1.59576912160573f));
  return x / (exp_of(-twice) + 1.0f);
}

typedef struct {
  int function;
  float alpha;
  float beta;
} activation;

vec activate_any(activation by, vec x) {
  const vec alpha = splat(by.alpha);
  const vec beta = splat(by.beta);
  switch (by.function) {
    case RELU: return at_least(splat(0.0f), x);
    case AFFINE: return multiply_add(alpha, x, beta);
    case LEAKY_RELU: return x < 0.0f ? alpha * x : x;
    case THRESHOLDED_RELU: return x <= alpha ? splat(0.0f) : x;
    case SCALED_TANH: return alpha * tanh_of(beta * x);
    case HARD_SIGMOID: return at_most(splat(1.0f), at_least(splat(0.0f), multiply_add(alpha, x, beta)));
    case ELU: return elu(x, by.alpha);
    case SOFTSIGN: return magnitude(x) > LARGEST ? signed_as(splat(1.0f), x) : x / (magnitude(x) + 1.0f);
    case CLIP: return at_most(beta, at_least(alpha, x));
    case GELU: return gelu(x);
    case GELU_TANH: return gelu_tanh(x);
    case SILU: return x / (exp_of(-x) + 1.0f);
    case ERF: return erf_of(x);
    case EXP: return exp_of(x);
    case LOG: return log_of(x);
    case SQRT: return root_of(x);
    case RECIPROCAL: return 1.0f / x;
    case ABS: return magnitude(x);
    default: return softplus(x);
  }
}

vec activate(activation by, vec x) {
  if (by.function == SIGMOID) {
    return sigmoid(x);
  }
  if (by.function == TANH) {
    return tanh_of(x);
  }
  return activate_any(by, x);
}

vec clipped(float clip, vec x) {
  if (clip > LARGEST) {
    return x;
  }
  return at_least(splat(-clip), at_most(splat(clip), x));
}
