package dev.carousel.spi.form;

/**
 * The steps around a step that one result is made of: {@code width} of them, {@code dilation} apart, the windows
 * {@code stride} apart. The first begins {@code before} steps ahead of a sequence's first one, and {@code after} steps may
 * lie behind its last. Each sequence is taken as if it stood alone: what lies beyond it does not exist.
 *
 * @param same whether each sequence has just so many steps around it that there is a window for each stride begun, as even
 *          a number before as behind, the odd one behind; before and after are 0 then
 */
public record Window(int width, int stride, int dilation, int before, int after, boolean same) {
  public Window {
    Check.argument(width > 0 && stride > 0 && dilation > 0 && before >= 0 && after >= 0,
        "A window of %d steps, %d apart, with a stride of %d, %d steps before and %d after was asked for: the first three"
            + " are at least 1, the others 0.",
        width, dilation, stride, before, after);
    Check.argument(!same || (before == 0 && after == 0),
        "A window is to have just the steps around it that it needs, and %d before and %d after. Leave those 0.",
        before,
        after);
    Check.argument((long) dilation * (width - 1) + before + after < Integer.MAX_VALUE,
        "A window of %d steps, %d apart, %d before and %d after is longer than any sequence.", width, dilation, before,
        after);
  }

  /** Windows that lie within a sequence. */
  public static Window of(int width) {
    return new Window(width, 1, 1, 0, 0, false);
  }

  /** Another distance from window to window. */
  public Window stride(int other) {
    return new Window(width, other, dilation, before, after, same);
  }

  /** Another distance from step to step. */
  public Window dilation(int other) {
    return new Window(width, stride, other, before, after, same);
  }

  /** So many steps beyond both ends. */
  public Window padding(int ahead, int behind) {
    return new Window(width, stride, dilation, ahead, behind, false);
  }

  /** As many results as strides were begun: of a stride of 1, a result for each step. */
  public Window padSame() {
    return new Window(width, stride, dilation, 0, 0, true);
  }

  /** Only steps up to the one at hand, which is the last of its window. Choose the width and the dilation before. */
  public Window causal() {
    return padding(reach() - 1, 0);
  }

  /** From the first step to the last, both included. */
  public int reach() {
    return dilation * (width - 1) + 1;
  }

  /** Whether a result needs no step after the one that it stands for, so that a sequence may come in parts. */
  public boolean streams() {
    return stride == 1 && after == 0 && before == reach() - 1 && (!same || width == 1);
  }

  /** The results of so many steps. */
  public int results(int steps) {
    if (steps == 0) {
      return 0;
    }
    return (int) Axis.Derived.steps(steps, stride, change());
  }

  /** The step, counted from a sequence's first one, at which the window of a result begins; it may be below 0. */
  public int begin(int result, int steps) {
    return result * stride - ahead(steps);
  }

  private int ahead(int steps) {
    return same ? (int) (Math.max(0, (results(steps) - 1L) * stride + reach() - steps) / 2) : before;
  }

  /** Of a stride of 1, results less one for so many steps more. */
  private int change() {
    return same ? -1 : before + after - reach();
  }

  /** The axis of results over steps of an axis. */
  public Axis over(Axis steps) {
    return Axis.Derived.of(steps, stride, change());
  }

  /** The numbers that are not as usual: {@code 3}, {@code 3 stride 2 same}. */
  @Override
  public String toString() {
    return width + (stride == 1 ? "" : " stride " + stride) + (dilation == 1 ? "" : " dilation " + dilation)
        + (same ? " same" : before == 0 && after == 0 ? "" : " padding " + before + "," + after);
  }
}
