/*
 * A vector of LANES floats: as wide as a processor's registers, or one float where work-items are the lanes. OpenCL C
 * 1.1, no doubles. Build options: LANES, and FMA where a fused multiply-add is an instruction of the device.
 */
#if LANES == 16
typedef float16 vec;
typedef uint16 uvec;
#define as_vec as_float16
#define as_uvec as_uint16
#define load(at) vload16(0, (at))
#define store(at, v) vstore16((v), 0, (at))
#elif LANES == 8
typedef float8 vec;
typedef uint8 uvec;
#define as_vec as_float8
#define as_uvec as_uint8
#define load(at) vload8(0, (at))
#define store(at, v) vstore8((v), 0, (at))
#elif LANES == 4
typedef float4 vec;
typedef uint4 uvec;
#define as_vec as_float4
#define as_uvec as_uint4
#define load(at) vload4(0, (at))
#define store(at, v) vstore4((v), 0, (at))
#else
typedef float vec;
typedef uint uvec;
#define as_vec as_float
#define as_uvec as_uint
#define load(at) (*(at))
#define store(at, v) (*(at) = (v))
#endif

typedef __global const float *source;
typedef __global float *target;

#define splat(x) ((vec)(x))

#ifdef FMA
#define multiply_add(a, b, c) fma((a), (b), (c))
#else
#define multiply_add(a, b, c) ((a) * (b) + (c))
#endif

/* The larger of the two, the smaller of the two; x where it is NaN. */
#define at_least(bound, x) ((x) < (bound) ? (bound) : (x))
#define at_most(bound, x) ((x) > (bound) ? (bound) : (x))

/* Sums of many are made of sums of so many: what is added is then not much smaller than what it is added to. */
#define PART 64

/* The larger of the two; NaN where either is. */
vec larger(vec x, vec y) {
  return x > y ? x : x <= y ? y : x + y;
}

#if LANES == 1

#define load_some(at, count) (*(at))
#define store_some(at, v, count) (*(at) = (v))

#else

typedef union {
  vec vector;
  float lane[LANES];
} lanes;

/* The first count floats, which may be all; 0 beyond. */
vec load_some(source at, int count) {
  if (count >= LANES) {
    return load(at);
  }
  lanes some;
  some.vector = splat(0.0f);
  for (int lane = 0; lane < count; lane++) {
    some.lane[lane] = at[lane];
  }
  return some.vector;
}

void store_some(target at, vec v, int count) {
  if (count >= LANES) {
    store(at, v);
    return;
  }
  lanes some;
  some.vector = v;
  for (int lane = 0; lane < count; lane++) {
    at[lane] = some.lane[lane];
  }
}

#endif
