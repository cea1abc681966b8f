package dev.carousel.opencl.driver;

import java.io.Serial;
import org.jocl.CL;

/** A call of OpenCL that failed: which one, and its error by name. */
public final class OpenClException extends RuntimeException {
  @Serial
  private static final long serialVersionUID = 1;

  private final int code;

  OpenClException(String call, int code) {
    super(call + " failed with " + CL.stringFor_errorCode(code) + " (" + code + ").");
    this.code = code;
  }

  /** A call that failed and has more to say: a compiler's log. */
  public OpenClException(String message, int code, String more) {
    super(message + "\n" + more);
    this.code = code;
  }

  /** OpenCL's number. */
  public int code() {
    return code;
  }

  /** Throws where a call's code says that it failed. */
  public static void check(String call, int code) {
    if (code != CL.CL_SUCCESS) {
      throw new OpenClException(call, code);
    }
  }
}
