package dev.carousel.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carousel.Lstm;
import dev.carousel.Network;
import dev.carousel.cli.console.WrongCall;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ShapeTest {
  @Test
  void whatIsLeftOutIsAsUsual() {
    assertThat(Shape.parse("lstm").toString()).isEqualTo("lstm:T=100,B=32,I=256,H=256,D=1,L=1");
    assertThat(Shape.parse("gru:H=8,T=3").toString()).isEqualTo("gru:T=3,B=32,I=256,H=8,D=1,L=1");
    assertThat(Shape.parse("folder/tagger.onnx:B=4").toString()).isEqualTo("folder/tagger.onnx:T=100,B=4");
    assertThat(Shape.parse("C:\\models\\a=b.onnx").what()).isEqualTo("C:\\models\\a=b.onnx");
  }

  @Test
  void aLayerReadsWhatTheOneBeforeItGives() {
    assertThat(Shape.parse("lstm:I=5,H=7,D=2,L=2").network())
        .isEqualTo(Network.of(Lstm.of(5, 7).bidirectional(), Lstm.of(14, 7).bidirectional()));
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {"lstm:X=3|\"X\"", "lstm:T=0|T=0", "lstm:T=|T=", "lstm:T=12345678|T=12345678",
      "rnn:D=3|3 directions", "model.onnx:H=3|\"H\"", "lstm:T=-1|T=-1"})
  void aSizeThatThereIsNotIsRefused(String word, String said) {
    assertThatThrownBy(() -> Shape.parse(word)).isInstanceOf(WrongCall.class).hasMessageContaining(said);
  }
}
