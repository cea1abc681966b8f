package dev.carousel.oracle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * The reference against ONNX's own node tests. The folder is {@code data/node} of ONNX 1.12, or what the property
 * {@code carousel.onnx.testdata} names; the tests are skipped where it is missing.
 */
final class OnnxNodeTest {
  private static final String PROPERTY = "carousel.onnx.testdata";
  private static final Path FOLDER = Path
      .of(System.getProperty(PROPERTY, "/usr/share/libonnx-testdata/data/node"));
  private static final String RECURRENT = "test_(lstm|gru|rnn|simple_rnn)_.*";

  private static List<Path> cases() throws IOException {
    assumeTrue(Files.isDirectory(FOLDER), "ONNX's node tests are not in " + FOLDER
        + ": install Debian's libonnx-testdata, or let the property " + PROPERTY + " name their folder.");
    try (Stream<Path> folders = Files.list(FOLDER)) {
      return folders.filter(folder -> folder.getFileName().toString().matches(RECURRENT)).sorted().toList();
    }
  }

  @TestFactory
  Stream<DynamicTest> theReferenceComputesWhatTheNodeTestExpects() throws IOException {
    return cases().stream()
        .map(folder -> DynamicTest.dynamicTest(folder.getFileName().toString(), () -> agrees(folder)));
  }

  @Test
  void allRecurrentNodeTestsAreThere() throws IOException {
    assertThat(cases()).extracting(folder -> folder.getFileName().toString()).containsExactly(
        "test_gru_batchwise", "test_gru_defaults", "test_gru_seq_length", "test_gru_with_initial_bias",
        "test_lstm_batchwise", "test_lstm_defaults", "test_lstm_with_initial_bias", "test_lstm_with_peepholes",
        "test_rnn_seq_length", "test_simple_rnn_batchwise", "test_simple_rnn_defaults",
        "test_simple_rnn_with_initial_bias");
  }

  private static void agrees(Path folder) throws IOException {
    GraphProto graph = ModelProto.parseFrom(Files.readAllBytes(folder.resolve("model.onnx"))).getGraph();
    NodeProto proto = graph.getNode(0);
    Path data = folder.resolve("test_data_set_0");
    OnnxNode node = new OnnxNode(proto,
        tensors(data, "input", graph.getInputList(), proto.getInputList(), OnnxNode.INPUTS));
    Map<String, Block> outputs = tensors(data, "output", graph.getOutputList(), proto.getOutputList(),
        OnnxNode.OUTPUTS);
    OnnxNetwork network = new OnnxNetwork(node);
    Run run = Run.of(network.network(), network.weights(), node.batch());
    assertThat(outputs).as("outputs of %s", folder).hasSameSizeAs(graph.getOutputList());
    Agreement.check(folder.toString(), node.batch(), run, node.expected(outputs));
  }

  /** The tensors of the files by the names that the documentation gives them. */
  private static Map<String, Block> tensors(Path data, String kind, List<ValueInfoProto> ofGraph, List<String> ofNode,
      List<String> formal) throws IOException {
    Map<String, Block> tensors = new TreeMap<>();
    for (int i = 0; i < ofGraph.size(); i++) {
      byte[] file = Files.readAllBytes(data.resolve(kind + "_" + i + ".pb"));
      int position = ofNode.indexOf(ofGraph.get(i).getName());
      tensors.put(formal.get(position), OnnxTensors.read(TensorProto.parseFrom(file)));
    }
    return tensors;
  }
}
