package dev.carousel.bench;

/** How an engine came out of a contest. */
enum Standing {
  /** It agreed with the reference and was timed. */
  TIMED,
  /** It said that it has no such layers. */
  DECLINED,
  /** It broke, or its result is wrong. */
  FAILED
}
