package dev.carousel.bench;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.stream;
import org.bytedeco.javacpp.FloatPointer;

/**
 * oneDNN's recurrent primitives, one for each layer, with weights in the layout that oneDNN asks for, laid out once.
 * They know no lengths, so ragged batches are declined.
 */
final class DnnlEngine implements Engine {
  private static final String OPENMP = "libgomp.so.1";

  private final engine processor = new engine(engine.kind.cpu, 0);
  private final stream calls = new stream(processor);
  private final List<DnnlLayer> layers = new ArrayList<>();
  private final FloatPointer input; // [steps][batch][inputs]
  private final FloatPointer output; // [steps][batch][directions * hidden]
  private final List<FloatPointer> between = new ArrayList<>(); // [steps][batch][directions * hidden], for each layer

  private DnnlEngine(Workload workload) {
    Shape shape = workload.shape();
    input = new FloatPointer(workload.input());
    FloatPointer source = input;
    for (int layer = 0; layer < shape.layers(); layer++) {
      FloatPointer target = new FloatPointer((long) workload.outputCount());
      between.add(target);
      layers.add(new DnnlLayer(workload, layer, processor, calls, source, target));
      source = target;
    }
    output = source;
    for (int i = 0; i < workload.outputCount(); i++) {
      output.put(i, Float.NaN); // what is not written fails the check
    }
  }

  static Engine open(Workload workload, int threads) {
    if (workload.lengths() != null) {
      throw new UnsupportedOperationException("oneDNN's primitives take no lengths, and this batch is ragged.");
    }
    dnnl.dnnl_version(); // loads it, and OpenMP with it
    threads(threads);
    return new DnnlEngine(workload);
  }

  /** oneDNN takes as many threads as OpenMP has; its binding has no call for that, OpenMP itself has. */
  @SuppressWarnings("restricted")
  private static void threads(int threads) {
    try (Arena arena = Arena.ofConfined()) {
      // By its bare name: that is the one copy, of several in the process, that oneDNN itself is linked to.
      SymbolLookup openmp = SymbolLookup.libraryLookup(OPENMP, arena);
      MethodHandle set = Linker.nativeLinker().downcallHandle(openmp.findOrThrow("omp_set_num_threads"),
          FunctionDescriptor.ofVoid(ValueLayout.JAVA_INT));
      set.invokeExact(threads);
    } catch (RuntimeException | Error failure) {
      throw failure;
    } catch (Throwable failure) {
      throw new IllegalStateException(failure);
    }
  }

  @Override
  public void run() {
    layers.forEach(DnnlLayer::run);
    calls._wait();
  }

  @Override
  public float[] output() {
    float[] values = new float[Math.toIntExact(output.capacity())];
    output.get(values);
    return values;
  }

  @Override
  public void close() {
    layers.forEach(DnnlLayer::close);
    between.forEach(FloatPointer::close);
    input.close();
    calls.close();
    processor.close();
  }
}
