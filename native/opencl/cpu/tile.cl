/*
 * The inner loop of every product: a tile of rows against one panel of packed weights, [depth][blocks][LANES]. Sums are
 * added one k after the other, so a row's bits do not depend on the rows beside it. They have to stand in registers:
 * hence a name for each row's, and the preprocessor for loops over rows, where compilers were seen to keep arrays in
 * memory.
 */
#define EACH_1(DO) DO(0)
#define EACH_2(DO) EACH_1(DO) DO(1)
#define EACH_3(DO) EACH_2(DO) DO(2)
#define EACH_4(DO) EACH_3(DO) DO(3)
#define EACH_5(DO) EACH_4(DO) DO(4)
#define EACH_6(DO) EACH_5(DO) DO(5)

/* Something for each number of rows that a tile may have. */
#if TILE_ROWS == 6
#define EACH_TILE(DO) DO(1) DO(2) DO(3) DO(4) DO(5) DO(6)
#elif TILE_ROWS == 4
#define EACH_TILE(DO) DO(1) DO(2) DO(3) DO(4)
#elif TILE_ROWS == 3
#define EACH_TILE(DO) DO(1) DO(2) DO(3)
#else
#define EACH_TILE(DO) DO(1) DO(2)
#endif

/* Weights are fetched two pages ahead where the compiler is known to take that: PoCL's, and its prefetch() does
 * nothing. */
#define AHEAD 2048
#ifdef POCL_DEVICE_ADDRESS_BITS
#define FETCH(at) __builtin_prefetch((const void *)(size_t)(at));
#else
#define FETCH(at)
#endif

/* The blocks of a panel; a row's sums, of which a product with fewer blocks leaves some alone. */
typedef struct {
  vec a, b, c, d;
} sums;

sums load_blocks(source at, const int blocks) {
  sums loaded;
  loaded.a = load(at);
  loaded.b = load(at + LANES);
  loaded.c = blocks > 2 ? load(at + 2 * LANES) : splat(0.0f);
  loaded.d = blocks > 3 ? load(at + 3 * LANES) : splat(0.0f);
  return loaded;
}

/* to += x * weights; a third block goes to the fourth sum where it is asked to. */
void add_product(sums *to, const vec x, const sums *weights, const int blocks, const int third_to_fourth) {
  to->a = multiply_add(x, weights->a, to->a);
  to->b = multiply_add(x, weights->b, to->b);
  if (blocks > 2 && !third_to_fourth) {
    to->c = multiply_add(x, weights->c, to->c);
  }
  if (blocks > 2 && third_to_fourth) {
    to->d = multiply_add(x, weights->c, to->d);
  }
  if (blocks > 3) {
    to->d = multiply_add(x, weights->d, to->d);
  }
}

/* sum0, sum1, ... += the rows row0, row1, ... times weights */
#define ADD_ROW(r) add_product(&sum##r, splat(row##r[k]), &packed, blocks_, third_);
#define ADD_PRODUCTS(rows, depth, weights, blocks, third_to_fourth)                                                    \
  {                                                                                                                    \
    const int blocks_ = (blocks);                                                                                      \
    const int third_ = (third_to_fourth);                                                                              \
    source at_ = (weights);                                                                                            \
    for (int k = 0; k < (depth); k++) {                                                                                \
      const sums packed = load_blocks(at_, blocks_);                                                                   \
      FETCH(at_ + AHEAD)                                                                                               \
      FETCH(at_ + AHEAD + LANES)                                                                                       \
      FETCH(at_ + AHEAD + 2 * LANES)                                                                                   \
      FETCH(at_ + AHEAD + 3 * LANES)                                                                                   \
      at_ += blocks_ * LANES;                                                                                          \
      EACH_##rows(ADD_ROW)                                                                                             \
    }                                                                                                                  \
  }
