package dev.carousel.formats.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carousel.Lstm;
import dev.carousel.Network;
import dev.carousel.formats.damage.Mutations;
import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.json.Json;
import dev.carousel.spi.Order;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Signatures there and back, and what no signature is. */
final class SignatureJsonTest {
  private static final String USUAL = SignatureJson.write(Signature.of(Network.of(Lstm.of(4, 3)),
      Order.TIME_MAJOR)).compact();

  @Test
  void everySignatureComesBackAsItWas() throws IOException {
    for (int seed = 0; seed < 3000; seed++) {
      Signature signature = RandomNetworks.signature(seed, RandomNetworks.network(seed));
      assertThat(SignatureJson.read(Json.parse(SignatureJson.write(signature).compact()))).as("seed %d", seed)
          .isEqualTo(signature);
    }
  }

  @Test
  void everySignatureOfAGraphComesBackAndFits() throws IOException {
    for (int seed = 0; seed < 1000; seed++) {
      Network network = RandomGraphs.network(seed);
      Signature usual = Signature.of(network, seed % 2 == 0 ? Order.TIME_MAJOR : Order.BATCH_MAJOR);
      for (Signature signature : List.of(usual, RandomNetworks.signature(seed, network))) {
        signature.check(network);
        assertThat(SignatureJson.read(Json.parse(SignatureJson.write(signature).compact()))).as("seed %d", seed)
            .isEqualTo(signature);
      }
    }
  }

  @Test
  void theUsualSignatureIsShort() {
    assertThat(USUAL.replace('"', '\'')).isEqualTo("{'inputs':[{'name':'input','content':'rows','element':'f32',"
        + "'axes':['steps','batch',{'columns':4}]}],'outputs':[{'name':'output','content':'results','element':'f32',"
        + "'axes':['steps','batch',{'columns':3}]}],'padding':'zero'}");
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '~', value = {
      "'rows' | 'results' | A model has at least one input of rows",
      "'rows' | 'states' | Port 0 of \"inputs\" cannot be: Port input holds STATES",
      "'name' | 'nane' | Port 0 of \"inputs\" lacks the field \"name\"",
      "'f32' | 'f33' | can be [f32, f64, f16, bf16, i32, i64]",
      "'steps' | 'step' | \"kind\" of Axis 0 of Port 0 of \"inputs\" is \"step\"",
      "{'columns':4} | {'columns':0} | An axis of 0 at a stride of 1 was asked for",
      "{'columns':4} | {'columns':4,'steps':1} | says columns, steps, and is to say one kind",
      "{'columns':4} | {'columns':4,'strides':1} | is to say one kind",
      "'steps' | {'steps':4} | An axis of STEPS has no size of its own",
      "{'columns':4} | {} | is to say one kind",
      "'zero' | 'zeros' | can be [zero, zero_before_dense, repeat]",
      "'padding' | 'pading' | has a field \"pading\"",
      "'padding':'zero' | 'mask':'much' | The signature cannot be",
      "'padding':'zero' | 'mask':1e50 | more than a float holds"})
  void whatIsNoSignatureIsRefusedByName(String from, String to, String message) {
    int at = USUAL.indexOf(from.replace('\'', '"'));
    assertThat(at).isNotNegative();
    String changed = USUAL.substring(0, at) + to.replace('\'', '"') + USUAL.substring(at + from.length());
    assertThatThrownBy(() -> SignatureJson.read(Json.parse(changed))).isInstanceOf(FormatException.class)
        .hasMessageContaining(message);
  }

  @Test
  void damagedSignaturesAreRefusedOrAnotherSignature(@TempDir Path folder) throws IOException {
    Mutations.survive(folder, "signature.json", USUAL.getBytes(StandardCharsets.UTF_8),
        file -> SignatureJson.read(Json.parse(new String(Files.readAllBytes(file), StandardCharsets.UTF_8))));
  }
}
