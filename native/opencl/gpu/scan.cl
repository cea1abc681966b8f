/*
 * A whole layer in one direction, its input product made before: each work-group carries up to CARRIED rows of the
 * batch through all steps, their hidden states in local memory; a work-item owns every so-manieth unit. CELL says
 * which; PROJECTED that the hidden state is a projection of the cell's. The weights stand as [1 + depth][results], the
 * bias first.
 */
#if CELL == RNN
#define GATES 1
#define STATE_GATES 1
#elif CELL == LSTM
#define GATES 4
#define STATE_GATES 4
#elif CELL == GRU_BEFORE
#define GATES 3
#define STATE_GATES 2
#else
#define GATES 3
#define STATE_GATES 3
#endif

/* A GRU that resets after the product keeps n's two parts; the state's is the last sum. */
#if CELL == GRU_AFTER
#define SUMS 4
#else
#define SUMS GATES
#endif

/* The floats that a row leaves for later in its step: the cell's result; or r * h, z and the input's part of n. */
#if CELL == GRU_BEFORE
#define SPARE 3
#else
#define SPARE 1
#endif

#if CELL == GRU_BEFORE || defined(PROJECTED)
#define HAS_SECOND
#endif

/* Run holds the active rows of each step from run_active on, and the first row of each step from run_first on. */
__kernel __attribute__((reqd_work_group_size(GROUP, 1, 1))) void
scan(source in, ulong in_at, int in_stride, source state_weights, source second_weights, target hidden, ulong hidden_at,
     int hidden_stride, int width, target state, ulong state_at, int state_stride, __local float *carried_hidden,
     __local float *carried_spare, int returns, target out, ulong out_at, int out_stride, source settings,
     int has_peepholes, source peephole, int units, int reverse, __global const int *run, int run_active, int run_first,
     int ragged, int steps, int batch) {
  const int item = get_local_id(0);
  const int group = get_group_id(0);
  const int groups = get_num_groups(0);
  cell as;
  read_cell(settings, &as);
  const peepholes through = {has_peepholes, peephole, units};
  for (int row = 0; row < CARRIED; row++) {
    const int there = group + row * groups;
    for (int unit = item; unit < width; unit += GROUP) {
      carried_hidden[row * width + unit] =
          there < batch ? hidden[hidden_at + (size_t)there * hidden_stride + unit] : 0.0f;
    }
  }
  barrier(CLK_LOCAL_MEM_FENCE);
  for (int i = 0; i < steps; i++) {
    const int step = reverse ? steps - 1 - i : i;
    const int active = ragged ? run[run_active + step] : batch;
    const size_t first = group + (ragged ? run[run_first + step] : (size_t)step * batch);
    const int rows = (active - group + groups - 1) / groups;
    for (int unit = item; unit < units; unit += GROUP) {
      float sums[CARRIED][SUMS];
      for (int row = 0; row < CARRIED; row++) {
        source from = in + in_at + (first + (size_t)row * groups) * in_stride + unit;
        for (int gate = 0; gate < GATES; gate++) {
          sums[row][gate] = row < rows ? from[(size_t)gate * units] : 0.0f;
        }
#if CELL == GRU_AFTER
        sums[row][0] += state_weights[unit];
        sums[row][1] += state_weights[units + unit];
        sums[row][3] = state_weights[2 * (size_t)units + unit];
#endif
      }
      source weights = state_weights + unit;
      for (int k = 0; k < width; k++) {
        weights += (size_t)STATE_GATES * units;
        for (int gate = 0; gate < STATE_GATES; gate++) {
          const float weight = weights[(size_t)gate * units];
          const int sum = CELL == GRU_AFTER && gate == 2 ? 3 : gate;
          for (int row = 0; row < CARRIED; row++) {
            sums[row][sum] = multiply_add(carried_hidden[row * width + k], weight, sums[row][sum]);
          }
        }
      }
      for (int row = 0; row < rows; row++) {
        const size_t there = group + (size_t)row * groups;
        __local float *spare = carried_spare + row * SPARE * units + unit;
#if CELL == RNN
        *spare = rnn_cell(as, sums[row][0]);
#elif CELL == LSTM
        *spare = lstm_cell(as, through, unit, 1, sums[row][0], sums[row][1], sums[row][2], sums[row][3],
                           state + state_at + there * state_stride + unit);
#elif CELL == LSTM_COUPLED
        *spare = lstm_coupled_cell(as, through, unit, 1, sums[row][0], sums[row][1], sums[row][2],
                                   state + state_at + there * state_stride + unit);
#elif CELL == GRU_AFTER
        *spare = gru_after_cell(as, sums[row][0], sums[row][1], sums[row][2], sums[row][3],
                                carried_hidden[row * width + unit]);
#else
        *spare = gru_reset_cell(as, sums[row][0], carried_hidden[row * width + unit]);
        spare[units] = sums[row][1];
        spare[2 * units] = sums[row][2];
#endif
      }
    }
    barrier(CLK_LOCAL_MEM_FENCE);
    for (int unit = item; unit < width; unit += GROUP) {
      for (int row = 0; row < rows; row++) {
        __local const float *spare = carried_spare + row * SPARE * units;
#ifdef HAS_SECOND
        float h = second_weights[unit];
#if CELL == GRU_BEFORE
        h += spare[2 * units + unit];
#endif
        for (int k = 0; k < units; k++) {
          h = multiply_add(spare[k], second_weights[(size_t)(1 + k) * width + unit], h);
        }
#if CELL == GRU_BEFORE
        h = gru_mix(as, spare[units + unit], h, carried_hidden[row * width + unit]);
#endif
#else
        const float h = spare[unit];
#endif
        carried_hidden[row * width + unit] = h;
        if (returns) {
          out[out_at + (first + (size_t)row * groups) * out_stride + unit] = h;
        }
      }
    }
    barrier(CLK_LOCAL_MEM_FENCE);
  }
  for (int row = 0; row < CARRIED; row++) {
    const int there = group + row * groups;
    for (int unit = item; unit < width && there < batch; unit += GROUP) {
      hidden[hidden_at + (size_t)there * hidden_stride + unit] = carried_hidden[row * width + unit];
    }
  }
}
