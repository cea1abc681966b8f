package dev.carousel.cli.verify;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

final class HtmlReportTest {
  private static final String REPORT = HtmlReport.of(Samples.all());

  private static Document parsed(String report) throws Exception {
    return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(report)));
  }

  /** The texts of all elements of a name that have a class among theirs. */
  private static List<String> texts(Document page, String element, String type) {
    List<String> texts = new ArrayList<>();
    NodeList nodes = page.getElementsByTagName(element);
    for (int i = 0; i < nodes.getLength(); i++) {
      Element node = (Element) nodes.item(i);
      if (type.isEmpty() || List.of(node.getAttribute("class").split(" ")).contains(type)) {
        texts.add(node.getTextContent());
      }
    }
    return texts;
  }

  @Test
  void theReportIsWellFormedAndNeedsNothingBesideItself() throws Exception {
    Document page = parsed(REPORT);
    assertThat(page.getDocumentElement().getTagName()).isEqualTo("html");
    assertThat(REPORT).doesNotContain("<script", "src=", "href=", "url(", "@import", "http:", "https:");
  }

  @Test
  void theFirstWordsAreTheVerdict() throws Exception {
    assertThat(texts(parsed(REPORT), "h1", "bad"))
        .containsExactly("✕ " + Samples.HOSTILE.replace('\u0007', '\ufffd') + " gives wrong answers, opencl/broken/0"
            + " broke down; the other one is right.");
    assertThat(texts(parsed(REPORT), "p", "lead").getFirst()).contains("16 cases on 3 devices", "3 answers are wrong.",
        "7 were not given.");
    assertThat(texts(parsed(HtmlReport.of(Samples.right())), "h1", "good"))
        .containsExactly("✓ cpu/fused gives the reference’s answers.");
  }

  @Test
  void aNameThatIsMarkupStaysAName() throws Exception {
    Document page = parsed(REPORT);
    assertThat(page.getElementsByTagName("b").getLength()).isZero();
    assertThat(page.getElementsByTagName("i").getLength()).isZero();
    assertThat(texts(page, "code", "")).contains(Samples.HOSTILE.replace('\u0007', '\ufffd'));
    assertThat(texts(page, "span", "what")).anyMatch(text -> text.contains("A <b>card</b> & more"));
  }

  @Test
  void everyFailureHasItsCaseItsMessageAndItsCall() throws Exception {
    List<String> failures = texts(parsed(REPORT), "li", "");
    assertThat(failures).hasSize(4);
    assertThat(failures).anySatisfy(text -> assertThat(text).contains("layer/lstm_peephole_concat_i33_h64_t4_b3",
        "row 3, column 1 is NaN instead of 0.25, <i>far</i> off", "carousel verify --devices ",
        " --cases layer/lstm_peephole_concat_i33_h64_t4_b3"));
    assertThat(failures).anySatisfy(text -> assertThat(text).contains("ended by signal 11 (SIGSEGV)",
        "carousel verify --devices opencl/broken/0 --cases " + Samples.QUESTIONS.get(9).path()));
    assertThat(parsed(HtmlReport.of(Samples.right())).getElementsByTagName("li").getLength()).isZero();
  }

  @Test
  void theMapTellsEveryKindOfField() throws Exception {
    Document page = parsed(REPORT);
    assertThat(texts(page, "td", "over")).contains("✕ ∞", "✕ 1 of 1", "✕ broke");
    assertThat(texts(page, "td", "unsupported")).contains("n/a");
    assertThat(texts(page, "td", "partly")).isNotEmpty();
    assertThat(texts(page, "td", "none")).contains("not run");
    assertThat(texts(page, "td", "exact")).contains("exact", "✓");
    assertThat(texts(page, "th", "family")).containsExactly("operation", "layer", "session");
  }

  @Test
  void whatIsNotThereIsListedWithItsReason() throws Exception {
    assertThat(texts(parsed(REPORT), "dl", "missing")).containsExactly("opencl/none/0Its driver has no compiler.");
  }

  @Test
  void callsAreQuotedForAShell() {
    Calls calls = new Calls(Optional.of("my model's.onnx"), List.of("--seed", "3"), List.of("--cases", "full"),
        List.of("--devices", "cpu/fused"));
    assertThat(calls.line())
        .isEqualTo("carousel verify 'my model'\\''s.onnx' --seed 3 --devices cpu/fused --cases full");
    assertThat(calls.child("opencl/x/0")).containsExactly("verify", "my model's.onnx", "--seed", "3", "--cases", "full",
        "--child", "opencl/x/0");
  }
}
