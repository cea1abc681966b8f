/* Where the rows of a run stand, and the steps of windows. */
#ifndef LAYOUT_H
#define LAYOUT_H

#include "carousel.h"

/* The steps of the sequence at a position. */
static inline int64_t steps_of(const carousel_layout *layout, int64_t position) {
  return layout->length ? layout->length[position] : layout->steps;
}

static inline int64_t active_of(const carousel_layout *layout, int64_t step) {
  return layout->active ? layout->active[step] : layout->batch;
}

static inline int64_t first_of(const carousel_layout *layout, int64_t step) {
  return layout->first ? layout->first[step] : step * layout->batch;
}

/* All rows of what has one for each step and sequence. */
static inline int64_t rows_of(const carousel_layout *layout) {
  int64_t last = layout->steps - 1;
  return last < 0 ? 0 : first_of(layout, last) + active_of(layout, last);
}

/* The row of a step of the sequence at a position; the step does not matter where there is a row for each sequence. */
static inline float *row_at(const carousel_rows *rows, const carousel_layout *layout, int64_t step, int64_t position) {
  return rows->data + ((rows->per_step ? first_of(layout, step) : 0) + position) * rows->stride;
}

/* A step of the sequence at a position. */
struct place {
  int64_t step;
  int64_t position;
};

/* That of a row. */
static inline struct place place_of(const carousel_rows *rows, const carousel_layout *layout, int64_t row) {
  if (!rows->per_step) {
    return (struct place){0, row};
  }
  if (!layout->first) {
    return (struct place){row / layout->batch, row % layout->batch};
  }
  int64_t low = 0; /* the last step that begins at the row or before */
  for (int64_t high = layout->steps; high - low > 1;) {
    int64_t middle = low + (high - low) / 2;
    if (layout->first[middle] <= row) {
      low = middle;
    } else {
      high = middle;
    }
  }
  return (struct place){low, row - layout->first[low]};
}

/* The place of the next row. */
static inline struct place place_behind(const carousel_rows *rows, const carousel_layout *layout, struct place place) {
  place.position++;
  if (rows->per_step && place.position == active_of(layout, place.step)) {
    place = (struct place){place.step + 1, 0};
  }
  return place;
}

/* The steps of a window: tap i is step begin + i * dilation, and those from first to end lie in the sequence. */
struct taps {
  int64_t begin;
  int64_t dilation;
  int64_t first;
  int64_t end;
};

/* From its first step to its last. */
static inline int64_t reach_of(const carousel_window *window) {
  return (int64_t)window->dilation * (window->width - 1) + 1;
}

/* The window whose result stands at a place of out. */
static inline struct taps taps_of(const carousel_across *across, struct place place) {
  const carousel_window *window = &across->window;
  int64_t steps = steps_of(across->from, place.position);
  if (window->width == 0) {
    return (struct taps){0, 1, 0, steps};
  }
  int64_t ahead = window->before;
  if (window->same) {
    int64_t lacking = (steps_of(across->to, place.position) - 1) * window->stride + reach_of(window) - steps;
    ahead = lacking > 0 ? lacking / 2 : 0;
  }
  int64_t begin = place.step * window->stride - ahead;
  int64_t first = begin < 0 ? (window->dilation - 1 - begin) / window->dilation : 0;
  int64_t end = begin < steps ? (steps - begin + window->dilation - 1) / window->dilation : 0;
  end = end < window->width ? end : window->width;
  return (struct taps){begin, window->dilation, first < end ? first : end, end};
}

#endif
