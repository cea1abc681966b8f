/* The activations, each within a few ulp; NaN stays NaN. Their numbers are build options, named as in Java. */

#define MAGNITUDE 0x7fffffffu
#define SIGN 0x80000000u
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
