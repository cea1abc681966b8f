/* A whole layer: each work-item carries every so-manieth row of the batch through all steps. */

/* Run holds the active rows of each step from run_active on, and the first row of each step from run_first on. */
__kernel __attribute__((reqd_work_group_size(1, 1, 1))) void
scan(source in, ulong in_at, int in_stride, int inputs, source input_weights, source state_weights,
     source second_weights, target hidden, ulong hidden_at, int hidden_stride, int width, target state, ulong state_at,
     int state_stride, target spare, int returns, target out, ulong out_at, int out_stride, source settings,
     int has_peepholes, source peephole, int units, int reverse, __global const int *run, int run_active, int run_first,
     int ragged, int steps, int batch) {
  const int group = get_global_id(0);
  const int groups = get_global_size(0);
  const int panels = (units + PANEL_UNITS - 1) / PANEL_UNITS;
  cell as;
  read_cell(settings, &as);
#ifdef HAS_SECOND
  const int spare_stride = SPARE * units;
#else
  const int spare_stride = hidden_stride;
#endif
  const layer of = {inputs,
                    width,
                    units,
                    input_weights,
                    state_weights,
                    (size_t)in_stride * groups,
                    (size_t)hidden_stride * groups,
                    (size_t)state_stride * groups,
                    (size_t)spare_stride * groups,
                    as,
                    {has_peepholes, peephole, units}};
  hidden += hidden_at + (size_t)group * hidden_stride;
  state += state_at + (size_t)group * state_stride;
  spare += (size_t)group * spare_stride;
  target now = hidden; /* the state before a step; where all rows go on, it changes places with the one after */
  target next = spare;
  for (int i = 0; i < steps; i++) {
    const int step = reverse ? steps - 1 - i : i;
    const int active = ragged ? run[run_active + step] : batch;
    const size_t first = group + (ragged ? run[run_first + step] : (size_t)step * batch);
    const int rows = (active - group + groups - 1) / groups;
    source step_in = in + in_at + first * in_stride;
    const int back = i % 2; /* every other step goes from the last panel to the first, which is still in the cache */
    if (rows == 1) {
      const int pairs = panels / 2;
      if (back && panels % 2) {
        scan_tile_1(&of, panels - 1, step_in, now, state, next);
      }
      for (int pair = 0; pair < pairs; pair++) {
        scan_pair(&of, 2 * (back ? pairs - 1 - pair : pair), step_in, now, state, next);
      }
      if (!back && panels % 2) {
        scan_tile_1(&of, panels - 1, step_in, now, state, next);
      }
    } else {
      for (int turn = 0; turn < panels; turn++) {
        scan_rows(&of, rows, back ? panels - 1 - turn : turn, step_in, now, state, next);
      }
    }
#ifdef HAS_SECOND
    for (int panel = 0; panel < (width + 4 * LANES - 1) / (4 * LANES); panel++) {
      int row = 0;
      for (int tiles = (rows + TILE_ROWS - 1) / TILE_ROWS; tiles > 0; tiles--) {
        const int size = (rows - row + tiles - 1) / tiles;
        target tile_hidden = hidden + row * of.hidden_stride;
        source tile_spare = spare + row * of.spare_stride;
#define RUN_TILE(rows)                                                                                                 \
  case rows: second_tile_##rows(&of, panel, second_weights, tile_hidden, tile_spare); break;
        switch (size) { EACH_TILE(RUN_TILE) }
#undef RUN_TILE
        row += size;
      }
    }
#else
    if (ragged) {
      for (int row = 0; row < rows; row++) {
        copy_row(spare + row * of.spare_stride, hidden + row * of.hidden_stride, width);
      }
    } else {
      target before = now;
      now = next;
      next = before;
    }
#endif
    for (int row = 0; row < rows && returns; row++) {
      copy_row(now + row * of.hidden_stride, out + out_at + (first + (size_t)row * groups) * out_stride, width);
    }
  }
  for (int row = group; row < batch && now != hidden; row += groups) {
    const size_t at = (size_t)(row - group) / groups;
    copy_row(now + at * of.spare_stride, hidden + at * of.hidden_stride, width);
  }
}
