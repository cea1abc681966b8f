/*
 * A whole layer for few rows, all of the same length: work-items share the units of a step, so that each has its own
 * part of the weights in its own cache. A step is cut into parts of one panel, or of two where there is one row; a
 * work-item has a share of them, claims one after the other, and takes over those of a work-item that has not come, or
 * that is late for long. It never waits for one that has not begun: if the others do not run until it has ended, it
 * does all by itself.
 */
#define PATIENCE 4000 /* looks at a step that is not done before a late part is taken over */

typedef struct {
  const layer *of;
  source in; /* of the step */
  target hidden;
  target state;
  target next;
  int returns;
  target out; /* of the step */
  size_t out_stride;
  int rows;
  int copies; /* after the last step: the hidden state goes where it belongs */
} moment;

/* The new hidden state of units from a panel on, to the sequence that is returned; or, in the end, to its own rows. */
void hand_on(const moment *now, int panel, int count) {
  const int unit = panel * PANEL_UNITS;
  const int width = min(count * PANEL_UNITS, now->of->units - unit);
  for (int row = 0; row < now->rows; row++) {
    source from = now->next + row * now->of->spare_stride + unit;
    if (now->copies) {
      copy_row(from, now->hidden + row * now->of->hidden_stride + unit, width);
    } else if (now->returns) {
      copy_row(from, now->out + row * now->out_stride + unit, width);
    }
  }
}

void do_part(const moment *now, int part, int panels) {
  const int wide = now->rows == 1 ? 2 : 1;
  const int panel = part * wide;
  const int count = min(wide, panels - panel);
  if (!now->copies) {
    if (count == 2) {
      scan_pair(now->of, panel, now->in, now->hidden, now->state, now->next);
    } else {
      scan_rows(now->of, now->rows, panel, now->in, now->hidden, now->state, now->next);
    }
  }
  hand_on(now, panel, count);
}

/* Claims and does what is left of a share of a step; back and forth, for what was last is still in the cache. */
void take(const moment *now, int first, int last, int back, int panels, volatile __global int *claimed,
          volatile __global int *done) {
  for (;;) {
    const int turn = atomic_inc(claimed);
    if (turn >= last - first) {
      return;
    }
    do_part(now, back ? last - 1 - turn : first + turn, panels);
    mem_fence(CLK_GLOBAL_MEM_FENCE);
    atomic_inc(done);
  }
}

/*
 * Progress holds two sets of zeros: [work-items], whether each has come, and behind it [steps + 1][1 + work-items], the
 * parts of a step that are done and those of each share that are claimed. One set is used, the other one cleared for
 * the next run, as far as the run before has used it.
 */
__kernel __attribute__((reqd_work_group_size(1, 1, 1))) void
scan_shared(source in, ulong in_at, int in_stride, int inputs, source input_weights, source state_weights,
            target hidden, ulong hidden_at, int hidden_stride, int width, target state, ulong state_at,
            int state_stride, target spare, int returns, target out, ulong out_at, int out_stride, source settings,
            int has_peepholes, source peephole, int units, int reverse, __global int *progress, ulong set,
            ulong other_set, int stale, int steps, int batch) {
  if (batch == 0) {
    return; /* nor is progress made */
  }
  const int self = get_global_id(0);
  const int groups = get_global_size(0);
  const int panels = (units + PANEL_UNITS - 1) / PANEL_UNITS;
  const int parts = batch == 1 ? (panels + 1) / 2 : panels;
  cell as;
  read_cell(settings, &as);
  const layer first = {inputs,
                       width,
                       units,
                       input_weights,
                       state_weights,
                       in_stride,
                       hidden_stride,
                       state_stride,
                       units,
                       as,
                       {has_peepholes, peephole, units}};
  layer later = first; /* the hidden state lies in one of two spare places from then on */
  later.hidden_stride = units;
  for (int i = self; i < stale; i += groups) {
    progress[other_set + i] = 0;
  }
  volatile __global int *come = progress + set;
  come[self] = 1;
  moment now = {&first, in, hidden + hidden_at, state + state_at, spare, returns, out, out_stride, batch, 0};
  for (int i = 0; i <= steps; i++) {
    const int at = reverse ? steps - 1 - i : i;
    target places[2] = {spare, spare + (size_t)batch * units};
    now.of = i == 0 ? &first : &later;
    now.hidden = i == 0 ? hidden + hidden_at : places[(i + 1) % 2];
    now.next = places[i % 2];
    now.in = in + in_at + (size_t)at * batch * in_stride;
    now.out = out + out_at + (size_t)at * batch * out_stride;
    if (i == steps) {
      now.copies = 1;
      now.of = &first;
      now.hidden = hidden + hidden_at;
      now.next = places[(i + 1) % 2];
    }
    volatile __global int *done = come + groups + (size_t)i * (1 + groups);
    for (int look = 0; look == 0 || (i < steps && *done < parts); look++) {
      for (int i_share = 0; i_share < groups; i_share++) {
        const int share = (self + i_share) % groups;
        volatile __global int *claimed = done + 1 + share;
        if (share == self ? look == 0 : !come[share] || look > PATIENCE) {
          take(&now, parts * share / groups, parts * (share + 1) / groups, i % 2, panels, claimed, done);
        }
      }
    }
    mem_fence(CLK_GLOBAL_MEM_FENCE);
  }
}
