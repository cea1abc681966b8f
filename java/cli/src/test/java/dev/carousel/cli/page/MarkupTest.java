package dev.carousel.cli.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import org.junit.jupiter.api.Test;

final class MarkupTest {
  @Test
  void whatIsPutInStaysText() {
    Markup markup = new Markup().element("p", "</p><script>&amp;", "title", "\"><b>'");
    assertThat(markup.toString()).isEqualTo("<p title=\"&quot;&gt;&lt;b&gt;'\">&lt;/p&gt;&lt;script&gt;&amp;amp;</p>");
  }

  @Test
  void whatXmlCannotSayIsShownAsUnknown() {
    assertThat(new Markup().text("a\u0000\u001b[31m\ud800b\uffff\u0085").toString())
        .isEqualTo("a\ufffd\ufffd[31m\ufffdb\ufffd\ufffd");
    assertThat(new Markup().text("tab\tline\nå \ud83d\ude00").toString()).isEqualTo("tab\tline\nå \ud83d\ude00");
  }

  @Test
  void anIdMayBreakBehindSlashesAndBeforeItsTier() {
    assertThat(new Markup().id("opencl/pocl/0").toString()).isEqualTo("opencl/<wbr/>pocl/<wbr/>0");
    assertThat(new Markup().id("cpu/fused@avx2").toString()).isEqualTo("cpu/<wbr/>fused<wbr/>@avx2");
    assertThat(new Markup().id("<b>").toString()).isEqualTo("&lt;b&gt;");
    assertThat(new Markup().id("").toString()).isEmpty();
  }

  @Test
  void anElementThatDoesNotEndIsNoText() {
    assertThatIllegalStateException().isThrownBy(new Markup().open("p")::toString).withMessageContaining("[p]");
  }
}
