/*
 * The cells, a vector of units at a time: from complete pre-activations and the state before to the state after. With
 * the build option STANDARD the activations are sigmoid, tanh and tanh, and nothing is clipped.
 */

/* What a cell does with its sums. */
typedef struct {
  activation gate;
  activation candidate;
  activation output;
  float clip;
} cell;

/* Into what is pointed to: a struct that is returned made Oclgrind 21.10 refuse the kernel. */
void read_activation(source settings, activation *to) {
  to->function = (int)settings[0];
  to->alpha = settings[1];
  to->beta = settings[2];
}

void read_cell(source settings, cell *to) {
#ifdef STANDARD
  to->gate.function = SIGMOID;
  to->candidate.function = TANH;
  to->output.function = TANH;
  to->clip = INFINITY;
#else
  read_activation(settings, &to->gate);
  read_activation(settings + 3, &to->candidate);
  read_activation(settings + 6, &to->output);
  to->clip = settings[9];
#endif
}

/* Rows of [units], one for each gate that sees the cell state; present or not. */
typedef struct {
  int present;
  source weights;
  int units;
} peepholes;

vec peep(peepholes through, int gate, int unit, int count, vec state, vec sum) {
  if (!through.present) {
    return sum;
  }
  return multiply_add(load_some(through.weights + (size_t)gate * through.units + unit, count), state, sum);
}

/* The state is read and replaced; the hidden state comes back. */
vec lstm_cell(cell as, peepholes through, int unit, int count, vec i, vec f, vec g, vec o, target state) {
  vec before = load_some(state, count);
  i = activate(as.gate, clipped(as.clip, peep(through, 0, unit, count, before, i)));
  f = activate(as.gate, clipped(as.clip, peep(through, 1, unit, count, before, f)));
  vec after = multiply_add(f, before, i * activate(as.candidate, clipped(as.clip, g)));
  store_some(state, after, count);
  o = activate(as.gate, clipped(as.clip, peep(through, 2, unit, count, after, o)));
  return o * activate(as.output, after);
}

/* The forget gate is 1 - i. */
vec lstm_coupled_cell(cell as, peepholes through, int unit, int count, vec i, vec g, vec o, target state) {
  vec before = load_some(state, count);
  i = activate(as.gate, clipped(as.clip, peep(through, 0, unit, count, before, i)));
  vec after = multiply_add(1.0f - i, before, i * activate(as.candidate, clipped(as.clip, g)));
  store_some(state, after, count);
  o = activate(as.gate, clipped(as.clip, peep(through, 1, unit, count, after, o)));
  return o * activate(as.output, after);
}

vec rnn_cell(cell as, vec sum) {
  return activate(as.gate, clipped(as.clip, sum));
}

/* r * h of a GRU that resets before its product. */
vec gru_reset_cell(cell as, vec r, vec hidden) {
  return activate(as.gate, clipped(as.clip, r)) * hidden;
}

vec gru_mix(cell as, vec z, vec n, vec hidden) {
  z = activate(as.gate, clipped(as.clip, z));
  return multiply_add(z, hidden, (1.0f - z) * activate(as.candidate, clipped(as.clip, n)));
}

/* r and z: complete; n: the input's part; recurrent: the state's part of n. */
vec gru_after_cell(cell as, vec r, vec z, vec n, vec recurrent, vec hidden) {
  r = activate(as.gate, clipped(as.clip, r));
  return gru_mix(as, z, multiply_add(r, recurrent, n), hidden);
}
