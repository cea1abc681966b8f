package dev.carousel.bench;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** One call of an engine under JMH, whose gc profiler tells the bytes that a call allocates: {@code -prof gc}. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(3)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class CallBenchmark {
  /** The engine, as for the race. */
  @Param("cpu/fused")
  public String engine = "";

  /** The shape, as a line of a file of shapes. */
  @Param("G lstm 1 1 512 512 1 1")
  public String shape = "";

  /** The most threads. */
  @Param("1")
  public int threads;

  private @Nullable Engine opened;

  /** Makes the engine. */
  @Setup
  public void open() {
    opened = Engines.open(engine, Workload.of(Shape.parse(shape)), threads);
  }

  /** A call. */
  @Benchmark
  public void call() {
    if (opened != null) {
      opened.run();
    }
  }

  /** Frees the engine. */
  @TearDown
  public void close() {
    if (opened != null) {
      opened.close();
    }
  }
}
