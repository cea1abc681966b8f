package dev.carousel.conformance;

/** What a case is after. */
public enum Family {
  /** One operation, in the smallest Program that holds it. */
  OPERATION,
  /** One layer: cell, direction, size, lengths. */
  LAYER,
  /** Layers together. */
  NETWORK,
  /** Networks that nobody thought of. */
  GRAPH,
  /** Two ways that must lead to the same answer. */
  METAMORPHIC,
  /** What a session does when it is called in many ways, wrong ones included. */
  SESSION,
  /** Sessions over time: drawn walks of many calls. */
  WALK,
  /** What is read and written outside of where it should be. */
  MEMORY,
  /** Numbers at the edge: zeros, infinities, NaN, saturation. */
  VALUES
}
