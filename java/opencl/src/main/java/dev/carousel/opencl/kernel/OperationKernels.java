package dev.carousel.opencl.kernel;

import dev.carousel.opencl.device.KernelSource;
import dev.carousel.opencl.device.Profile;
import dev.carousel.opencl.memory.Parameters.Settings;
import dev.carousel.opencl.memory.RunTables;
import dev.carousel.spi.Kernels.Kernel;
import dev.carousel.spi.form.AcrossSteps;
import dev.carousel.spi.form.Activation;
import dev.carousel.spi.form.CellUpdate;
import dev.carousel.spi.form.Embed;
import dev.carousel.spi.form.GateGemm;
import dev.carousel.spi.form.Mapping;
import dev.carousel.spi.form.Operation;
import dev.carousel.spi.form.Slot;
import dev.carousel.spi.form.View;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jocl.cl_mem;
import org.jspecify.annotations.Nullable;

/** Single operations, each a launch. */
record OperationKernels(Site site) {
  private static final List<Activation> STANDARD = List.of(Activation.SIGMOID, Activation.TANH, Activation.TANH);

  Kernel bind(Operation operation) {
    return switch (operation) {
      case GateGemm gemm -> new GateGemmKernel(site, gemm.in(), Site.packed(site.profile(), gemm.weight(), gemm.bias()),
          gemm.out(), buffer(gemm.out()), gemm.accumulate());
      case CellUpdate update -> cell(update);
      case Embed embed -> embed(embed);
      case Mapping.Softmax softmax -> softmax(softmax, "");
      case Mapping.LogSoftmax softmax -> softmax(softmax, " -DLOGARITHM");
      case Mapping.Activate activate -> mapping("ACTIVATE", activate.in(), null, activate.out(),
          site.parameters().get(settings(activate)));
      case Mapping.Combine combine ->
        mapping(combine.rule().name(), combine.in(), combine.other(), combine.out(), site.any());
      case Mapping.Scale scale -> scale(scale);
      case Mapping.Normalise normalise -> normalise(normalise);
      case Mapping.Copy copy -> copy(copy);
      case AcrossSteps across -> new StepsKernels(site).bind(across);
    };
  }

  /** The keys of the parameters that an operation needs. */
  static Set<Object> parameters(Profile profile, Operation operation) {
    Set<Object> keys = new LinkedHashSet<>();
    switch (operation) {
      case GateGemm gemm -> keys.add(Site.packed(profile, gemm.weight(), gemm.bias()));
      case Embed embed -> keys.add(embed.table());
      case CellUpdate update -> {
        keys.add(settings(update));
        Slot peephole = peephole(update);
        if (peephole != null) {
          keys.add(peephole);
        }
      }
      case Mapping.Activate activate -> keys.add(settings(activate));
      case Mapping.Scale scale ->
        Stream.of(scale.scale(), scale.shift()).flatMap(Stream::ofNullable).forEach(keys::add);
      case Mapping.Normalise normalise ->
        Stream.of(normalise.scale(), normalise.shift()).flatMap(Stream::ofNullable).forEach(keys::add);
      case Mapping _,AcrossSteps _ -> {
      }
    }
    return keys;
  }

  static Settings settings(Operation operation) {
    return new Settings(operation.activations(),
        operation instanceof CellUpdate update ? update.clip() : CellUpdate.NO_CLIP);
  }

  static @Nullable Slot peephole(CellUpdate update) {
    return update instanceof CellUpdate.Lstm lstm ? lstm.peephole() : null;
  }

  /** The options that make a kernel one of this cell. */
  static String options(CellUpdate update) {
    String cell = switch (update) {
      case CellUpdate.Rnn _ -> "RNN";
      case CellUpdate.Lstm lstm -> lstm.coupled() ? "LSTM_COUPLED" : "LSTM";
      case CellUpdate.GruReset _ -> "GRU_RESET";
      case CellUpdate.Gru gru -> gru.recurrent() == null ? "GRU_BEFORE" : "GRU_AFTER";
    };
    List<Activation> activations = update.activations();
    boolean standard = activations.equals(STANDARD.subList(0, activations.size()))
        && update.clip() == CellUpdate.NO_CLIP;
    return " -DCELL=" + cell + (standard ? " -DSTANDARD" : "");
  }

  private cl_mem buffer(View view) {
    return site.buffers().get(view.slot());
  }

  /** A launch whose next argument is the number of rows. */
  private Kernel rows(Launch launch, int columns) {
    int index = launch.next();
    launch.number(0).ready();
    return (_, stepRow, rows) -> {
      if (rows > 0) {
        launch.at(stepRow);
        launch.set(index, rows);
        site.spread(launch, columns, rows);
      }
    };
  }

  private Kernel cell(CellUpdate update) {
    Launch launch = site.launch(KernelSource.CELL_UPDATE, options(update));
    switch (update) {
      case CellUpdate.Rnn rnn -> operands(launch, rnn.gates(), null, null, rnn.hidden(), rnn.out());
      case CellUpdate.Lstm lstm -> operands(launch, lstm.gates(), null, lstm.cell(), lstm.hidden(), lstm.out());
      case CellUpdate.GruReset reset -> operands(launch, reset.gates(), null, null, reset.hidden(), reset.out());
      case CellUpdate.Gru gru -> operands(launch, gru.gates(), gru.recurrent(), null, gru.hidden(), gru.out());
    }
    int units = update.writes().getLast().columns();
    site.cell(launch, update).number(units);
    return rows(launch, units);
  }

  private void operands(Launch launch, View gates, @Nullable View recurrent, @Nullable View state, View hidden,
      @Nullable View out) {
    launch.view(gates, buffer(gates)).view(recurrent, site.buffers(), site.any())
        .view(state, site.buffers(), site.any()).view(hidden, buffer(hidden)).number(out == null ? 0 : 1)
        .view(out, site.buffers(), site.any());
  }

  private Kernel mapping(String how, View in, @Nullable View other, View out, cl_mem settings) {
    Launch launch = site.launch(KernelSource.MAPPING, " -DMAPPING=" + how);
    launch.view(in, buffer(in)).view(other, site.buffers(), site.any())
        .number(other != null && other.columns() == 1 ? 1 : 0).view(out, buffer(out)).buffer(settings)
        .number(out.columns());
    return rows(launch, out.columns());
  }

  private Launch mapped(KernelSource source, String options, Mapping mapping) {
    return site.launch(source, options).view(mapping.in(), buffer(mapping.in()))
        .view(mapping.out(), buffer(mapping.out()));
  }

  private Kernel softmax(Mapping softmax, String options) {
    return lines(mapped(KernelSource.SOFTMAX, options, softmax).number(softmax.out().columns()));
  }

  private Kernel scale(Mapping.Scale scale) {
    Launch launch = mapped(KernelSource.SCALE, "", scale);
    site.parameter(site.parameter(launch, scale.scale()), scale.shift()).number(scale.accumulate() ? 1 : 0)
        .number(scale.out().columns());
    return rows(launch, scale.out().columns());
  }

  private Kernel normalise(Mapping.Normalise normalise) {
    Launch launch = mapped(KernelSource.NORMALISE, "", normalise);
    return lines(site.parameter(site.parameter(launch, normalise.scale()), normalise.shift())
        .number(normalise.epsilon()).number(normalise.out().columns()));
  }

  /** A launch whose next argument is the number of rows, which work-items take as a whole. */
  private Kernel lines(Launch launch) {
    int index = launch.next();
    launch.number(0).ready();
    return (_, stepRow, rows) -> {
      if (rows > 0) {
        launch.at(stepRow);
        launch.set(index, rows);
        site.line(launch, rows);
      }
    };
  }

  private Kernel copy(Mapping.Copy copy) {
    Launch launch = mapped(KernelSource.GATHER, " -DGATHER=COPY", copy);
    launch.buffer(site.any()).offset(0).number(0).number(copy.out().columns());
    return rows(launch, copy.out().columns());
  }

  private Kernel embed(Embed embed) {
    Launch launch = site.launch(KernelSource.GATHER, " -DGATHER=EMBED");
    View table = embed.table().view();
    launch.view(table, site.parameters().get(embed.table())).view(embed.out(), buffer(embed.out()))
        .view(embed.indices(), buffer(embed.indices())).number(embed.out().columns());
    return rows(launch, embed.out().columns());
  }

  /** The rows of a state from the caller's order to the run's, or back; from spare rows to its own. */
  Kernel arrange(Slot state, cl_mem spare, boolean back) {
    RunTables tables = site.buffers().tables();
    Launch launch = site.launch(KernelSource.GATHER, " -DGATHER=" + (back ? "RESTORE" : "ARRANGE"));
    launch.view(state.view(), spare).view(state.view(), site.buffers().get(state)).buffer(tables.buffer())
        .offset(tables.order()).number(1).number(state.columns());
    return rows(launch, state.columns());
  }
}
