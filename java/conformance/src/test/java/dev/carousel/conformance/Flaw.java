package dev.carousel.conformance;

/** What a saboteur gets wrong. */
enum Flaw {
  /** Nothing: an honest back end that adds in float. */
  NONE,
  /** The input gate and the forget gate of the LSTM change places. */
  SWAPPED_GATES,
  /** The last step is taken one step early. */
  OFF_BY_ONE,
  /** The bias of a product is left out. */
  IGNORED_BIAS,
  /** Clipping is left out. */
  IGNORED_CLIP,
  /** resetState does nothing. */
  STALE_STATE,
  /** A product reads a row past its last and multiplies it by 0, which is harmless until it is NaN. */
  OVER_READ,
  /** A row gets a little of the row before it. */
  NEIGHBOUR_LEAK,
  /** The output gate sees the old cell state. */
  OLD_PEEPHOLE,
  /** The average of two directions is their sum. */
  SUMMED_AVERAGE,
  /** The GRU that resets after its product does not reset. */
  NO_RESET,
  /** States of a ragged batch are not brought into the order of its rows. */
  MISPLACED_STATE,
  /** A reverse scan runs forward. */
  FORWARD_ONLY,
  /** A softmax does not subtract the largest element first. */
  BARE_SOFTMAX,
  /** A ragged run has the lengths of an earlier one of as many sequences. */
  STALE_LENGTHS,
  /** States of a ragged batch are put into the order of the first ragged one of as many sequences. */
  STALE_ORDER,
  /** A state that was read is read again as it was then, until a run of another size. */
  STALE_READ,
  /** Where a run computed nothing, what an earlier, larger one left is still in its output. */
  STALE_OUTPUT,
  /** The memory of indices is lent, so that they can be changed after they were checked. */
  LENT_INDICES,
  /** Indices are fetched once more after they were checked. */
  FETCHED_TWICE,
  /** Of a ragged run, the steps of another axis are those of an earlier one of as many sequences. */
  STALE_AXIS,
  /** A mean over the steps is divided by the steps of the run, padding included. */
  COUNTED_PADDING,
  /** A variance is divided by one less than the columns. */
  UNBIASED_VARIANCE,
  /** Beyond the end of a sequence a window sees what stands there: the row of another one. */
  NEIGHBOUR_ROWS,
  /** Where two branches meet, the first is taken twice. */
  MIXED_BRANCHES,
  /** Columns that do not begin with the first are copied from one too far ahead. */
  SHIFTED_COLUMNS,
  /** The rows that a window needs in the next part of a sequence are not kept. */
  LOST_HISTORY,
  /** All sequences of a run go on where the first of its order was. */
  SHARED_HISTORY,
  /** Each sequence gets as much padding as the longest needs. */
  PADDING_OF_THE_LONGEST
}
