package dev.carousel.opencl.kernel;

import dev.carousel.opencl.device.DeviceProgram;
import dev.carousel.opencl.driver.OpenClException;
import dev.carousel.opencl.memory.OpenClBuffers;
import dev.carousel.spi.form.Slot;
import dev.carousel.spi.form.View;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jocl.CL;
import org.jocl.Pointer;
import org.jocl.Sizeof;
import org.jocl.cl_command_queue;
import org.jocl.cl_kernel;
import org.jocl.cl_mem;
import org.jspecify.annotations.Nullable;

/**
 * A kernel with its arguments: given once, in order, when a session is made, and enqueued as often as one likes. What
 * differs between launches is set again; nothing is allocated for it.
 */
final class Launch {
  private static final int MOST = 40;

  private final DeviceProgram program;
  private final cl_command_queue queue;
  private final cl_kernel kernel;
  private final ByteBuffer value = ByteBuffer.allocateDirect(8).order(ByteOrder.nativeOrder());
  private final Pointer pointer = Pointer.to(value);
  private final int[] stepped = new int[MOST]; // the arguments that say where a view per step begins
  private final long[] column = new long[MOST]; // and at which float it does in row 0
  private final long[] stride = new long[MOST];
  private int steppedCount;
  private int arguments;
  private long stepRow;
  private final long[] global = {1, 1};
  private final long[] local = {1, 1};

  Launch(DeviceProgram program, OpenClBuffers buffers) {
    this.program = program;
    queue = buffers.queue();
    kernel = program.kernel(buffers.objects());
  }

  /** The next argument: a buffer. */
  Launch buffer(cl_mem buffer) {
    check(CL.clSetKernelArg(kernel, arguments++, Sizeof.cl_mem, Pointer.to(buffer)));
    return this;
  }

  /** The next argument: memory that a work-group shares. */
  Launch shared(long bytes) {
    check(CL.clSetKernelArg(kernel, arguments++, bytes, null));
    return this;
  }

  /** The next argument: an int, which may be set again. */
  Launch number(int number) {
    set(arguments++, number);
    return this;
  }

  /** The next argument: a float. */
  Launch number(float number) {
    return number(Float.floatToRawIntBits(number)); // which takes as many bytes
  }

  /** The next argument: a ulong. */
  Launch offset(long offset) {
    setOffset(arguments++, offset);
    return this;
  }

  /** The next three arguments: a buffer, where a view of it begins, and the floats from row to row. */
  Launch view(View view, cl_mem buffer) {
    return beginning(view, buffer).number(view.slot().columns());
  }

  /** The next two arguments: a buffer, and where a view of it begins. */
  Launch beginning(View view, cl_mem buffer) {
    buffer(buffer);
    if (view.slot().extent() == Slot.Extent.STEPS) {
      stepped[steppedCount] = arguments;
      column[steppedCount] = view.column();
      stride[steppedCount++] = view.slot().columns();
    }
    return offset(view.column());
  }

  /** A view that may not be there; then the buffer stands in for one that is not used. */
  Launch view(@Nullable View view, OpenClBuffers buffers, cl_mem other) {
    return view == null ? buffer(other).offset(0).number(0) : view(view, buffers.get(view.slot()));
  }

  /** What the first four arguments may be: a buffer, its first float, the floats from row to row and those of a row. */
  record Input(Pointer buffer, long offset, int rowStride, int columns) {
    static Input of(View view, cl_mem buffer, int columns) {
      return new Input(Pointer.to(buffer), view.column(), view.slot().columns(), columns);
    }
  }

  /** Sets the first four arguments again. */
  void input(Input input) {
    check(CL.clSetKernelArg(kernel, 0, Sizeof.cl_mem, input.buffer()));
    setOffset(1, input.offset());
    set(2, input.rowStride());
    set(3, input.columns());
  }

  /** How many arguments have been given: the index of the next one. */
  int next() {
    return arguments;
  }

  /** Sets an argument again. */
  void set(int index, int number) {
    value.putInt(0, number);
    check(CL.clSetKernelArg(kernel, index, Sizeof.cl_int, pointer));
  }

  /** Sets an argument that is a ulong again. */
  void setOffset(int index, long offset) {
    value.putLong(0, offset);
    check(CL.clSetKernelArg(kernel, index, Sizeof.cl_long, pointer));
  }

  /** The work-items of a group. */
  Launch groups(long x, long y) {
    local[0] = x;
    local[1] = y;
    return this;
  }

  /**
   * All arguments are given. Where the device has not run this kernel before, it does now, over nothing: many compile at
   * the first launch, and what they made is then kept for the next start.
   */
  Launch ready() {
    if (program.fresh()) {
      run(1, 1);
      program.keep(queue);
    }
    return this;
  }

  /** Lets views per step begin at a row. */
  void at(int row) {
    if (row != stepRow) {
      stepRow = row;
      for (int i = 0; i < steppedCount; i++) {
        setOffset(stepped[i], column[i] + row * stride[i]);
      }
    }
  }

  /** Enqueues it for so many groups. */
  void run(long groupsX, long groupsY) {
    global[0] = groupsX * local[0];
    global[1] = groupsY * local[1];
    int code = CL.clEnqueueNDRangeKernel(queue, kernel, 2, null, global, local, 0, null, null);
    if (code != CL.CL_SUCCESS) {
      OpenClException.check("clEnqueueNDRangeKernel of " + program.name() + " over " + Arrays.toString(global)
          + " work-items in groups of " + Arrays.toString(local), code);
    }
  }

  private void check(int code) {
    if (code != CL.CL_SUCCESS) {
      OpenClException.check("clSetKernelArg of argument " + (arguments - 1) + " of " + program.name(), code);
    }
  }
}
