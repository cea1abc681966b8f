/*
 * out = in * weights + bias, or += : rows in chunks against panels, each work-item every so-manieth of both. A panel
 * holds BLOCKS blocks of LANES results, [1 + depth][BLOCKS][LANES], the bias first; from panel to panel the results are
 * panel_step apart, from block to block block_step.
 */
typedef struct {
  int results;
  int first; /* of the panel */
  int block_step;
  int accumulate;
} part;

/* The results of a block that there are: of all, or of its gate. */
int results_of(const part *of, int block) {
  const int at = of->first + block * of->block_step;
  return (of->block_step == LANES ? of->results : of->block_step * (block + 1)) - at;
}

vec start_of(const part *of, int block, vec bias, target out) {
  return of->accumulate ? bias + load_some(out + of->first + block * of->block_step, results_of(of, block)) : bias;
}

void begin(sums *to, const part *of, source weights, target out) {
  const sums bias = load_blocks(weights, BLOCKS);
  to->a = start_of(of, 0, bias.a, out);
  to->b = start_of(of, 1, bias.b, out);
  to->c = BLOCKS > 2 ? start_of(of, 2, bias.c, out) : bias.c;
  to->d = BLOCKS > 3 ? start_of(of, 3, bias.d, out) : bias.d;
}

void end_block(const part *of, int block, vec sum, target out) {
  store_some(out + of->first + block * of->block_step, sum, results_of(of, block));
}

void end(const sums *from, const part *of, target out) {
  end_block(of, 0, from->a, out);
  end_block(of, 1, from->b, out);
  if (BLOCKS > 2) {
    end_block(of, 2, from->c, out);
  }
  if (BLOCKS > 3) {
    end_block(of, 3, from->d, out);
  }
}

#define BEGIN(r)                                                                                                       \
  source row##r = in + r * in_stride;                                                                                  \
  sums sum##r;                                                                                                         \
  begin(&sum##r, of, weights, out + r * out_stride);
#define END(r) end(&sum##r, of, out + r * out_stride);
#define GATE_GEMM_TILE(rows)                                                                                           \
  void gate_gemm_tile_##rows(const part *of, source in, size_t in_stride, int depth, source weights, target out,       \
                             size_t out_stride) {                                                                      \
    EACH_##rows(BEGIN) ADD_PRODUCTS(rows, depth, weights + BLOCKS * LANES, BLOCKS, 0) EACH_##rows(END)                 \
  }
EACH_TILE(GATE_GEMM_TILE)

__kernel __attribute__((reqd_work_group_size(1, 1, 1))) void
gate_gemm(source in, ulong in_at, int in_stride, int depth, source weights, target out, ulong out_at, int out_stride,
          int results, int panels, int panel_step, int block_step, int accumulate, int chunk, int rows) {
  const int chunks = (rows + chunk - 1) / chunk;
  for (int unit = get_global_id(0); unit < panels * chunks; unit += get_global_size(0)) {
    const int panel = unit % panels;
    int row = unit / panels * chunk;
    const int last = min(rows, row + chunk);
    source packed = weights + (size_t)panel * (1 + depth) * BLOCKS * LANES;
    const part of = {results, panel * panel_step, block_step, accumulate};
    for (int tiles = (last - row + TILE_ROWS - 1) / TILE_ROWS; tiles > 0; tiles--) {
      const int size = (last - row + tiles - 1) / tiles;
      source from = in + in_at + (size_t)row * in_stride;
      target to = out + out_at + (size_t)row * out_stride;
#define RUN_TILE(rows)                                                                                                 \
  case rows: gate_gemm_tile_##rows(&of, from, in_stride, depth, packed, to, out_stride); break;
      switch (size) { EACH_TILE(RUN_TILE) }
#undef RUN_TILE
      row += size;
    }
  }
}
