package dev.carousel.formats.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carousel.Concat;
import dev.carousel.Conv;
import dev.carousel.Dense;
import dev.carousel.Embedding;
import dev.carousel.LastStep;
import dev.carousel.Lstm;
import dev.carousel.Network;
import dev.carousel.Network.Input;
import dev.carousel.Network.Node;
import dev.carousel.Network.Output;
import dev.carousel.Rnn;
import dev.carousel.formats.damage.Mutations;
import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.json.Json;
import dev.carousel.spi.form.Activation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Networks there and back, and what no network is. */
final class NetworkJsonTest {
  private static Network read(String layers) throws FormatException {
    return NetworkJson.read(Json.parse("{\"layers\":[" + layers.replace('\'', '"') + "]}"));
  }

  @Test
  void everyNetworkComesBackAsItWas() throws IOException {
    for (int seed = 0; seed < 3000; seed++) {
      Network network = RandomNetworks.network(seed);
      assertThat(NetworkJson.read(Json.parse(NetworkJson.write(network).pretty()))).as("seed %d", seed)
          .isEqualTo(network);
    }
  }

  @Test
  void everyGraphComesBackAsItWas() throws IOException {
    Set<String> types = new TreeSet<>();
    for (int seed = 0; seed < 3000; seed++) {
      Network network = RandomGraphs.network(seed);
      Json json = NetworkJson.write(network);
      assertThat(NetworkJson.read(Json.parse(json.pretty()))).as("seed %d", seed).isEqualTo(network);
      assertThat(json.find("nodes")).as("seed %d", seed).isPresent();
      for (Json node : json.get("nodes").items()) {
        types.add(node.get("type").text());
      }
    }
    assertThat(types).containsExactly("columns", "concat", "conv", "dense", "elementwise", "embedding", "final_state",
        "flatten", "gru", "last_step", "layer_norm", "lstm", "merge", "noise", "pool", "repeat", "rnn", "scale",
        "softmax",
        "softmax_steps", "weighted_sum", "window_pool");
  }

  @Test
  void whatNeedNotBeSaidOfAGraphIsLeftOut() {
    Network network = new Network(List.of(Input.indices("words"), Input.row("speaker", 8)),
        List.of(Node.of("table", Embedding.of(9, 4), "words"),
            Node.of("both", Concat.of(4, 8), "table", "speaker"),
            Node.of("conv", Conv.of(12, 6, 3).padSame(), "both")),
        List.of(new Output("y", "conv"), Output.of("both")));
    assertThat(NetworkJson.write(network).compact().replace('"', '\'')).isEqualTo("{'inputs':["
        + "{'name':'words','indices':true},{'name':'speaker','width':8,'per_step':false}],'nodes':["
        + "{'name':'table','reads':['words'],'type':'embedding','vocabulary':9,'outputs':4},"
        + "{'name':'both','reads':['table','speaker'],'type':'concat','widths':[4,8]},"
        + "{'name':'conv','reads':['both'],'type':'conv','inputs':12,'outputs':6,'window':{'width':3,'same':true}}],"
        + "'outputs':[{'name':'y','from':'conv'},{'name':'both'}]}");
  }

  @Test
  void theGraphInTheDocumentationIsRead() throws IOException {
    Network network = NetworkJson.read(Json.parse("""
        {"inputs": [{"name": "words", "indices": true}, {"name": "speaker", "width": 8, "per_step": false}],
         "nodes": [
          {"name": "table", "reads": ["words"], "type": "embedding", "vocabulary": 1000, "outputs": 40},
          {"name": "both", "reads": ["table", "speaker"], "type": "concat", "widths": [40, 8]},
          {"name": "conv", "reads": ["both"], "type": "conv", "inputs": 48, "outputs": 64, "groups": 2,
           "window": {"width": 5, "stride": 2, "dilation": 1, "before": 2, "after": 2}, "activation": "relu"},
          {"name": "scores", "reads": ["conv"], "type": "dense", "inputs": 64, "outputs": 1},
          {"name": "weights", "reads": ["scores"], "type": "softmax_steps", "inputs": 1},
          {"name": "sum", "reads": ["conv", "weights"], "type": "weighted_sum", "inputs": 64, "heads": 1}],
         "outputs": [{"name": "found", "from": "sum"}, {"name": "conv"}]}"""));
    assertThat(network.rows("found").width()).isEqualTo(64);
    assertThat(network.rows("conv").axis().steps(20)).isEqualTo(10);
  }

  private static final String GRAPH = "{'inputs':[{'name':'x','width':3},{'name':'w','indices':true}],'nodes':["
      + "{'name':'a','reads':['x'],'type':'lstm','inputs':3,'hidden':4},"
      + "{'name':'b','reads':['w'],'type':'embedding','vocabulary':5,'outputs':4},"
      + "{'name':'c','reads':['a','b'],'type':'merge','rule':'sum','inputs':4}],'outputs':[{'name':'y','from':'c'}]}";

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '~', value = {
      "'type':'lstm' | 'type':'ltsm' | Node a is of the type \"ltsm\"",
      "'hidden':4 | 'hidden':0 | Node a cannot be: Lstm is to have 0 hidden units",
      "'hidden':4 | 'hidden':5 | Node c, Merge[rule=SUM, inputs=4] takes rows of 4, and a gives rows of 5",
      "'hidden':4 | 'hiden':4 | Node a lacks the field \"hidden\"",
      "{'name':'a', | { | Node 0 lacks the field \"name\"",
      "'reads':['x'], | ~~ | Node a lacks the field \"reads\"",
      "'reads':['x'] | 'reads':'x' | \"reads\" of Node a cannot be read",
      "'reads':['x'] | 'reads':['z'] | reads z, and there is no input and no node before it of that name. There are [x, w].",
      "'reads':['x'] | 'reads':['c'] | A cycle cannot be run.",
      "'reads':['x'] | 'reads':[] | reads nothing",
      "'name':'b' | 'name':'a' | Two inputs or nodes are called a",
      "'name':'b' | 'name':'b.c' | has no dot",
      "'from':'c' | 'from':'d' | Output y is to be what d gives",
      "'from':'c' | 'from':'a' | Node c, Merge[rule=SUM, inputs=4] is no output",
      "'rule':'sum' | 'rule':'plus' | \"rule\" of Node c is \"plus\", and can be [sum, average, multiply",
      "'width':3 | 'width':3,'size':3 | Input 0 has a field \"size\"",
      "'indices':true | 'width':1 | Node b, Embedding[vocabulary=5, outputs=4] looks up indices, and w gives it floats",
      "'outputs':[ | 'layers':[],'outputs':[ | The network has a field \"layers\"",
      "'inputs':[{ | 'input':[{ | The network lacks the field \"inputs\""})
  void whatIsNoGraphIsRefusedByName(String from, String to, String message) {
    int at = GRAPH.indexOf(from);
    assertThat(at).isNotNegative();
    String changed = GRAPH.substring(0, at) + to + GRAPH.substring(at + from.length());
    assertThatThrownBy(() -> NetworkJson.read(Json.parse(changed.replace('\'', '"'))))
        .isInstanceOf(FormatException.class).hasMessageContaining(message);
  }

  @Test
  void damagedGraphsAreRefusedOrAnotherNetwork(@TempDir Path folder) throws IOException {
    Mutations.survive(folder, "graph.json", GRAPH.replace('\'', '"').getBytes(StandardCharsets.UTF_8),
        file -> NetworkJson.read(Json.parse(new String(Files.readAllBytes(file), StandardCharsets.UTF_8))));
  }

  @Test
  void whatNeedNotBeSaidIsLeftOut() {
    Network network = Network.of(Embedding.of(100, 40), Lstm.of(40, 64).bidirectional(), LastStep.of(128),
        Dense.of(128, 10).softmax());
    assertThat(NetworkJson.write(network).compact().replace('"', '\'')).isEqualTo("{'layers':["
        + "{'type':'embedding','vocabulary':100,'outputs':40},"
        + "{'type':'lstm','inputs':40,'hidden':64,'directions':'concat'},{'type':'last_step','inputs':128},"
        + "{'type':'dense','inputs':128,'outputs':10,'softmax':true}]}");
  }

  @Test
  void anActivationHoldsForBothDirectionsUntilTheOtherIsNamed() throws IOException {
    assertThat(read("{'type':'rnn','inputs':2,'hidden':3,'directions':'concat','activation':'relu'}"))
        .isEqualTo(Network.of(Rnn.of(2, 3).bidirectional().activation(Activation.RELU)));
    assertThat(read("{'type':'lstm','inputs':2,'hidden':3,'activations':{'output':'leaky_relu(0.1)'}}"))
        .isEqualTo(Network.of(Lstm.of(2, 3).activations(Activation.SIGMOID, Activation.TANH,
            Activation.Kind.LEAKY_RELU.of(0.1f))));
  }

  @Test
  void theExampleInTheDocumentationIsRead() throws IOException {
    Network network = read("""
        {"type": "embedding", "vocabulary": 1000, "outputs": 40},
        {"type": "lstm", "inputs": 40, "hidden": 64, "projection": 0, "directions": "concat", "peepholes": false,
         "coupled_gates": false, "activations": {"gate": "sigmoid", "candidate": "tanh", "output": "tanh"},
         "clip": 3.5, "bias": true},
        {"type": "gru", "inputs": 128, "hidden": 64, "reset_after": true, "directions": "forward",
         "activations": {"gate": "hard_sigmoid(0.2,0.5)", "candidate": "tanh"}},
        {"type": "rnn", "inputs": 64, "hidden": 64, "activation": "relu", "reverse_activation": "relu"},
        {"type": "last_step", "inputs": 64},
        {"type": "dense", "inputs": 64, "outputs": 10, "activation": "identity", "softmax": true, "bias": true}""");
    assertThat(network.layers()).hasSize(6);
    assertThat(network.layers().get(1)).isEqualTo(Lstm.of(40, 64).bidirectional().clip(3.5f));
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '~', value = {
      "{'type':'ltsm'} | Layer 0 is of the type \"ltsm\"; these are known: rnn, lstm, gru",
      "{'inputs':3} | Layer 0 lacks the field \"type\"; it has inputs.",
      "{'type':'lstm','inputs':3} | Layer 0 lacks the field \"hidden\"",
      "{'type':'lstm','inputs':3,'hidden':4,'biass':true} | Layer 0 has a field \"biass\", which means nothing here",
      "{'type':'lstm','inputs':3,'hidden':4,'reset_after':true} | has a field \"reset_after\"",
      "{'type':'lstm','inputs':3,'hidden':-4} | The network cannot be: Lstm is to have -4 hidden units",
      "{'type':'lstm','inputs':3,'hidden':4.5} | \"hidden\" of Layer 0 cannot be read: JSON has 4.5",
      "{'type':'lstm','inputs':3,'hidden':4294967300} | \"hidden\" of Layer 0 is 4294967300, more than 32 bits hold.",
      "{'type':'lstm','inputs':3,'hidden':2147483647} | The network cannot be: Lstm is to have 2147483647",
      "{'type':'lstm','inputs':3,'hidden':4,'clip':0} | clip at 0.0",
      "{'type':'lstm','inputs':3,'hidden':4,'clip':1e99} | \"clip\" of Layer 0 is 1e99",
      "{'type':'lstm','inputs':3,'hidden':4,'directions':'both'} | can be [forward, reverse, concat,",
      "{'type':'lstm','inputs':3,'hidden':4,'activations':{'gates':'tanh'}} | has a field \"gates\"",
      "{'type':'lstm','inputs':3,'hidden':4,'activations':'tanh'} | \"activations\" of Layer 0 cannot be read",
      "{'type':'rnn','inputs':3,'hidden':4,'activation':'relu6'} | \"relu6\"; these are known: identity, relu, tanh",
      "{'type':'rnn','inputs':3,'hidden':4,'activation':'elu'} | ELU takes 1 constants, and 0 were given",
      "{'type':'rnn','inputs':3,'hidden':4,'activation':'elu(1,2,3,4)'} | the activation \"elu(1,2,3,4)\"",
      "{'type':'rnn','inputs':3,'hidden':4,'activation':'elu(x)'} | the activation \"elu(x)\"",
      "{'type':'rnn','inputs':3,'hidden':4,'activation':'elu(NaN)'} | they must be finite",
      "{'type':'rnn','inputs':3,'hidden':4,'activation':'elu(1'} | whose bracket is not closed",
      "{'type':'last_step','inputs':3},{'type':'last_step','inputs':3} | a row a step",
      "{'type':'dense','inputs':3,'outputs':4},{'type':'dense','inputs':3,'outputs':4} | takes rows of 3",
      "'lstm' | Layer 0 cannot be read: JSON has \"lstm\" where an object is needed.",
      " ~~ | A network of no layers"})
  void whatIsNoNetworkIsRefusedByName(String layers, String message) {
    assertThatThrownBy(() -> read(layers)).isInstanceOf(FormatException.class).hasMessageContaining(message);
  }

  @Test
  void aFieldBesideTheLayersIsRefused() {
    assertThatThrownBy(() -> NetworkJson.read(Json.parse("{\"layers\":[],\"order\":1}")))
        .isInstanceOf(FormatException.class).hasMessageContaining("The network has a field \"order\"");
  }

  @Test
  void damagedNetworksAreRefusedOrAnotherNetwork(@TempDir Path folder) throws IOException {
    Network network = Network.of(Embedding.of(100, 40), Lstm.of(40, 64).bidirectional().clip(2), LastStep.of(128),
        Dense.of(128, 10).activation(Activation.Kind.ELU.of(1)));
    Mutations.survive(folder, "network.json",
        NetworkJson.write(network).compact().getBytes(StandardCharsets.UTF_8),
        file -> NetworkJson.read(Json.parse(new String(Files.readAllBytes(file), StandardCharsets.UTF_8))));
  }
}
