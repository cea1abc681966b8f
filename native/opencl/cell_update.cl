/*
 * The cell updates on their own, element by element. CELL says which; each operand is data, its first float and the
 * floats from row to row. Rows and units are shared by any number of work-items.
 */
__kernel void cell_update(source gates, ulong gates_at, int gates_stride, source recurrent, ulong recurrent_at,
                          int recurrent_stride, target state, ulong state_at, int state_stride, target hidden,
                          ulong hidden_at, int hidden_stride, int returns, target out, ulong out_at, int out_stride,
                          source settings, int has_peepholes, source peephole, int units, int rows) {
  cell as;
  read_cell(settings, &as);
  const peepholes through = {has_peepholes, peephole, units};
  for (int row = get_global_id(1); row < rows; row += get_global_size(1)) {
    source gate = gates + gates_at + (size_t)row * gates_stride;
    target before = hidden + hidden_at + (size_t)row * hidden_stride;
    target result = out + out_at + (size_t)row * out_stride;
    for (int unit = get_global_id(0) * LANES; unit < units; unit += get_global_size(0) * LANES) {
      const int count = units - unit;
      source at = gate + unit;
#if CELL == RNN
      vec h = rnn_cell(as, load_some(at, count));
#elif CELL == LSTM
      vec h = lstm_cell(as, through, unit, count, load_some(at, count), load_some(at + units, count),
                        load_some(at + 2 * (size_t)units, count), load_some(at + 3 * (size_t)units, count),
                        state + state_at + (size_t)row * state_stride + unit);
#elif CELL == LSTM_COUPLED
      vec h = lstm_coupled_cell(as, through, unit, count, load_some(at, count), load_some(at + units, count),
                                load_some(at + 2 * (size_t)units, count),
                                state + state_at + (size_t)row * state_stride + unit);
#elif CELL == GRU_RESET
      vec h = gru_reset_cell(as, load_some(at, count), load_some(before + unit, count));
#elif CELL == GRU_BEFORE
      vec h = gru_mix(as, load_some(at + units, count), load_some(at + 2 * (size_t)units, count),
                      load_some(before + unit, count));
#else
      source other = recurrent + recurrent_at + (size_t)row * recurrent_stride + unit;
      vec h = gru_after_cell(as, load_some(at, count) + load_some(other, count),
                             load_some(at + units, count) + load_some(other + units, count),
                             load_some(at + 2 * (size_t)units, count), load_some(other + 2 * (size_t)units, count),
                             load_some(before + unit, count));
#endif
#if CELL != GRU_RESET
      store_some(before + unit, h, count);
#endif
      if (returns) {
        store_some(result + unit, h, count);
      }
    }
  }
}
