package dev.carousel.cli.verify;

import dev.carousel.Model;

/** A way to run a model; its text is the name of the case. */
interface ModelTrial {
  /** What comes out. */
  Values run(Model model);

  /** What must come out, by the reference. */
  default Values expected(Model reference) {
    return run(reference);
  }
}
